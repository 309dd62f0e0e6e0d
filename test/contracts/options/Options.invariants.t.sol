// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Proof} from "../../../contracts/options/ExpiryFixing.sol";
import {IOptions, Phase, Side, State, Terms} from "../../../contracts/options/IOptions.sol";
import {Kind} from "../../../contracts/options/Payoff.sol";
import {Test, vm} from "../utils/Test.sol";
import {RandomFixings} from "./RandomFixings.sol";

/// @notice Everybody who can do something, doing it at random: sellers, buyers, holders, relayers that record or not,
/// governors that void, a guardian that halts, whoever settles, donors, and time.
contract Market is RandomFixings {
    /// @dev What has happened, and how often: see `seen`.
    enum Event {
        Bought,
        Cancelled,
        Voided,
        Fixed,
        FixedEarlier,
        Split,
        Transferred,
        ClaimedByBuyer,
        ClaimedBySeller,
        ClaimRefused
    }

    uint256 private constant MOST_OPTIONS = 16;

    uint256 public donated;
    Terms[] private _terms;
    mapping(Event => uint256) public seen;
    mapping(bytes32 id => uint256) public paid;

    constructor() {
        _build();
    }

    // ---------------------------------------------------------------------------------------------- before the expiry

    function create(uint256 seed) external {
        if (_terms.length == MOST_OPTIONS) return;
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
        (bool found, Terms memory t) = _find(i, Phase.Offered);
        if (!found) return;
        vm.prank(buyer);
        options.buy(t);
        ++seen[Event.Bought];
    }

    function cancel(uint256 i, uint256 seed) external {
        (bool found, Terms memory t) = _find(i, Phase.Offered);
        if (!found || seed % 4 != 0) return;
        _cancel(t);
        ++seen[Event.Cancelled];
    }

    // ---------------------------------------------------------------------------------------------- after it

    /// @dev A relayer that works: the fixing is recorded as it comes, and final.
    function fix(uint256 i, uint256 seed) external {
        (bool found, Terms memory t) = _find(i, Phase.Sold);
        if (found) _keepInTime(t.expiry, seed);
    }

    /// @dev One that does what it can: late, without a price, without storing, or one of the times before.
    function record(uint256 i, uint256 seed) external {
        (bool found, Terms memory t) = _find(i, Phase.Sold);
        if (found) _keep(t.expiry - (seed % 13) * PERIOD, seed >> 8);
    }

    function store(uint256 i, uint256 back) external {
        (bool found, Terms memory t) = _find(i, Phase.Sold);
        if (found) _store(t.expiry - (back % 13) * PERIOD);
    }

    function withdraw(uint256 seed) external {
        if (_void(seed % 2 == 0)) ++seen[Event.Voided];
    }

    function haltOrResume() external {
        _haltOrResume();
    }

    function settle(uint256 i, uint256 seed) external {
        (bool found, Terms memory t) = _find(i, Phase.Sold);
        if (!found) return;
        try options.settle(t, seed % 4 != 0 ? _proofsOf(t.expiry) : new Proof[](0)) {} catch {}
        State memory state = options.stateOf(options.idOf(t));
        if (state.phase == Phase.Fixed) ++seen[state.back == 0 ? Event.Fixed : Event.FixedEarlier];
        if (state.phase == Phase.Split) ++seen[Event.Split];
    }

    /// @dev Whoever has claimed is refused.
    function claim(uint256 i, uint256 seed) external {
        (bool found, Terms memory t) = _find(i, seed % 8 == 0 ? Phase.Split : Phase.Fixed);
        if (!found) return;
        Side side = Side((seed >> 8) % 2);
        if (_claim(t, side)) {
            ++seen[side == Side.Buyer ? Event.ClaimedByBuyer : Event.ClaimedBySeller];
            return;
        }
        bytes memory reason = abi.encodeWithSelector(IOptions.AlreadyClaimed.selector, options.idOf(t), side);
        vm.prank(options.holderOf(t, side));
        assertReverts(address(options), abi.encodeCall(options.claim, (t, side)), reason);
        ++seen[Event.ClaimRefused];
    }

    function transfer(uint256 i, uint256 seed, address to) external {
        (bool found, Terms memory t) = _find(i, Phase(uint256(Phase.Sold) + (seed % 3)));
        if (!found || to == address(0) || to == address(options)) return;
        Side side = Side((seed >> 8) % 2);
        vm.prank(options.holderOf(t, side));
        try options.transferSide(t, side, to) {
            ++seen[Event.Transferred];
        } catch {}
    }

    function donate(uint256 amount) external {
        amount %= 1e20;
        donated += amount;
        cash.mint(address(options), amount);
    }

    function wait(uint256 i, uint256 seed) external {
        (bool found, Terms memory t) = _find(i, Phase.Sold);
        _wait(found ? t.expiry : now_(), seed);
    }

    // ---------------------------------------------------------------------------------------------- looking

    /// @dev The first option from the i-th on in this phase; of those on offer, whose offer has not ended.
    function _find(uint256 i, Phase phase) private view returns (bool found, Terms memory t) {
        for (uint256 k; k < _terms.length; ++k) {
            t = _terms[((i % _terms.length) + k) % _terms.length];
            if (_phase(t) == phase && (phase != Phase.Offered || now_() < t.buyBefore)) return (true, t);
        }
    }

    function _phase(Terms memory t) private view returns (Phase) {
        return options.stateOf(options.idOf(t)).phase;
    }

    function _cancel(Terms memory t) private {
        vm.prank(seller);
        options.cancel(t);
        paid[options.idOf(t)] = options.collateralOf(t);
    }

    function _claim(Terms memory t, Side side) private returns (bool) {
        State memory state = options.stateOf(options.idOf(t));
        if (side == Side.Buyer ? state.buyerPaid : state.sellerPaid) return false;
        vm.prank(options.holderOf(t, side));
        paid[options.idOf(t)] += options.claim(t, side);
        return true;
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
            Terms memory t = _terms[i];
            if (_phase(t) == Phase.Offered) _cancel(t);
            if (_phase(t) == Phase.Sold) options.settle(t, new Proof[](0));
            if (_phase(t) == Phase.Cancelled) continue;
            _claim(t, Side.Seller);
            _claim(t, Side.Buyer);
        }
    }
}

/// @notice The contract always holds exactly what it owes, pays each side once, and in the end nothing is stuck.
contract OptionsInvariants is Test {
    Market private _market;

    function setUp() external {
        _market = new Market();
        targetContract(address(_market));
        targetSelector(address(_market), _handlers());
    }

    function _handlers() private pure returns (bytes4[] memory selectors) {
        selectors = new bytes4[](13);
        selectors[0] = Market.create.selector;
        selectors[1] = Market.buy.selector;
        selectors[2] = Market.cancel.selector;
        selectors[3] = Market.fix.selector;
        selectors[4] = Market.record.selector;
        selectors[5] = Market.store.selector;
        selectors[6] = Market.withdraw.selector;
        selectors[7] = Market.haltOrResume.selector;
        selectors[8] = Market.settle.selector;
        selectors[9] = Market.claim.selector;
        selectors[10] = Market.transfer.selector;
        selectors[11] = Market.donate.selector;
        selectors[12] = Market.wait.selector;
    }

    /// @dev These hands come to every end there is: the invariant is not about nothing.
    function test_randomHandsComeToEveryEnd() external {
        bytes4[] memory selectors = _handlers();
        uint256[] memory seen = new uint256[](uint256(type(Market.Event).max) + 1);
        for (uint256 run; run < 6; ++run) {
            _market = new Market();
            for (uint256 i; i < 200; ++i) {
                uint256 random = uint256(keccak256(abi.encode(run, i)));
                bytes32[3] memory arguments;
                for (uint256 k; k < 3; ++k) arguments[k] = keccak256(abi.encode(random, k));
                arguments[2] >>= 96; // an address
                bytes4 selector = selectors[random % selectors.length];
                (bool ok, ) = address(_market).call(abi.encodePacked(selector, abi.encode(arguments)));
                assertTrue(ok);
            }
            assertEq(_market.held(), _market.owed());
            for (uint256 i; i < seen.length; ++i) seen[i] += _market.seen(Market.Event(i));
            _market.finish();
            assertEq(_market.held(), 0);
        }
        for (uint256 i; i < seen.length; ++i) assertGt(seen[i], 0);
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
