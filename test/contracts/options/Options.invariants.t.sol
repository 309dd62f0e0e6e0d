// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {NO_PRICE} from "../../../contracts/FeedId.sol";
import {Proof} from "../../../contracts/options/ExpiryFixing.sol";
import {Phase, Side, State, Terms} from "../../../contracts/options/IOptions.sol";
import {Kind} from "../../../contracts/options/Payoff.sol";
import {Test, vm} from "../utils/Test.sol";
import {OptionWorld} from "./OptionWorld.sol";

/// @notice Everybody who can do something, doing it at random: sellers, buyers, holders, relayers that record or not,
/// governors that void, whoever settles, donors, and time.
contract Market is OptionWorld {
    struct Kept {
        bool kept;
        bool absent;
        int256 price;
    }

    uint256 public donated;
    Terms[] private _terms;
    mapping(uint256 time => Kept) private _kept;
    mapping(bytes32 id => uint256) public paid;

    constructor() {
        _build();
    }

    function create(uint256 seed) external {
        if (_terms.length == 16) return;
        Terms memory t = _call();
        t.kind = Kind(seed % 3);
        if (t.kind == Kind.Put) t.bound = -20_00;
        if (t.kind == Kind.BaseCall) t.bound = 0;
        t.size = 1 + ((seed >> 8) % 1e20);
        t.expiry = uint32((now_() / PERIOD + 1 + ((seed >> 80) % 20)) * PERIOD);
        t.buyBefore = t.expiry;
        t.buyerShare = uint16((seed >> 100) % 10_001);
        t.salt = bytes32(_terms.length);
        if (options.collateralOf(t) == 0) return;
        vm.prank(seller);
        options.create(t);
        _terms.push(t);
    }

    function buy(uint256 i) external {
        (Terms memory t, Phase phase) = _pick(i);
        if (phase != Phase.Offered || now_() >= t.buyBefore) return;
        vm.prank(buyer);
        options.buy(t);
    }

    function cancel(uint256 i) external {
        (Terms memory t, Phase phase) = _pick(i);
        if (phase != Phase.Offered || i % 4 != 0) return;
        vm.prank(seller);
        options.cancel(t);
        paid[options.idOf(t)] = options.collateralOf(t);
    }

    function record(uint256 i, uint256 seed) external {
        (Terms memory t, ) = _pick(i);
        if (t.expiry == 0) return;
        uint256 time = t.expiry - (seed % 13) * PERIOD;
        if (time < START || time > now_() || now_() - time >= SPAN || _kept[time].kept) return;
        bool absent = (seed >> 8) % 5 == 0;
        int256 price = (seed >> 16) % 5 == 0 ? NO_PRICE : int256((seed >> 24) % 200_00) - 50_00;
        _kept[time] = Kept(true, absent, price);
        if (absent) _recordWithout(time);
        else _record(time, price, (seed >> 120) % 2 == 0);
    }

    function voidFixing(uint256 i, uint256 back) external {
        (Terms memory t, ) = _pick(i);
        if (t.expiry == 0) return;
        try oracle.voidFixing(t.expiry - (back % 13) * PERIOD, 1) {} catch {}
    }

    function settle(uint256 i, bool withProofs) external {
        (Terms memory t, Phase phase) = _pick(i);
        if (phase != Phase.Sold) return;
        try options.settle(t, withProofs ? _proofs(t) : new Proof[](0)) {} catch {}
    }

    function claim(uint256 i, bool sellers) external {
        (Terms memory t, Phase phase) = _pick(i);
        if (phase != Phase.Fixed && phase != Phase.Split) return;
        _claim(t, sellers ? Side.Seller : Side.Buyer);
    }

    function transfer(uint256 i, bool sellers, address to) external {
        (Terms memory t, Phase phase) = _pick(i);
        if (phase < Phase.Sold || to == address(0) || to == address(options)) return;
        Side side = sellers ? Side.Seller : Side.Buyer;
        vm.prank(options.holderOf(t, side));
        try options.transferSide(t, side, to) {} catch {}
    }

    function donate(uint256 amount) external {
        amount %= 1e20;
        donated += amount;
        cash.mint(address(options), amount);
    }

    function wait(uint256 secs) external {
        skip(secs % (secs % 7 == 0 ? 4 days : 20 minutes));
    }

    // ---------------------------------------------------------------------------------------------- looking

    function _pick(uint256 i) private view returns (Terms memory t, Phase phase) {
        if (_terms.length == 0) return (t, Phase.None);
        t = _terms[i % _terms.length];
        phase = options.stateOf(options.idOf(t)).phase;
    }

    function _proofs(Terms memory t) private view returns (Proof[] memory proofs) {
        proofs = new Proof[](13);
        for (uint256 back; back <= 12; ++back) {
            Kept memory one = _kept[t.expiry - back * PERIOD];
            if (one.kept) proofs[back] = one.absent ? _absence() : _proof(one.price);
        }
    }

    function _claim(Terms memory t, Side side) private {
        State memory state = options.stateOf(options.idOf(t));
        if (side == Side.Buyer ? state.buyerPaid : state.sellerPaid) return;
        vm.prank(options.holderOf(t, side));
        paid[options.idOf(t)] += options.claim(t, side);
    }

    /// @dev What the contract owes: the collateral of every option, less what it has paid.
    function owed() public view returns (uint256 sum) {
        for (uint256 i; i < _terms.length; ++i) {
            sum += options.collateralOf(_terms[i]) - paid[options.idOf(_terms[i])]; // also: never paid more than locked
        }
    }

    function held() external view returns (uint256) {
        return cash.balanceOf(address(options)) - donated;
    }

    /// @dev Everybody takes what is his: nothing may remain.
    function finish() external {
        warp(now_() + LAST + 1 days);
        for (uint256 i; i < _terms.length; ++i) {
            (Terms memory t, Phase phase) = _pick(i);
            if (phase == Phase.Offered) {
                vm.prank(seller);
                options.cancel(t);
                paid[options.idOf(t)] = options.collateralOf(t);
            }
            if (phase == Phase.Sold) options.settle(t, new Proof[](0));
            if (phase >= Phase.Sold) {
                _claim(t, Side.Seller);
                _claim(t, Side.Buyer);
            }
        }
    }
}

/// @notice The contract always holds exactly what it owes, pays each side once, and in the end nothing is stuck.
contract OptionsInvariants is Test {
    Market private _market;

    function setUp() external {
        _market = new Market();
        targetContract(address(_market));
        bytes4[] memory selectors = new bytes4[](10);
        selectors[0] = Market.create.selector;
        selectors[1] = Market.buy.selector;
        selectors[2] = Market.cancel.selector;
        selectors[3] = Market.record.selector;
        selectors[4] = Market.voidFixing.selector;
        selectors[5] = Market.settle.selector;
        selectors[6] = Market.claim.selector;
        selectors[7] = Market.transfer.selector;
        selectors[8] = Market.donate.selector;
        selectors[9] = Market.wait.selector;
        targetSelector(address(_market), selectors);
    }

    function invariant_holdsExactlyWhatItOwes() external view {
        assertEq(_market.held(), _market.owed());
    }

    function afterInvariant() external {
        _market.finish();
        assertEq(_market.owed(), 0);
        assertEq(_market.held(), 0);
    }
}
