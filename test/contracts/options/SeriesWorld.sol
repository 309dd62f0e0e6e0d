// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {Proof} from "../../../contracts/options/ExpiryFixing.sol";
import {IOptionSeries, Offer, SeriesPhase, SeriesTerms} from "../../../contracts/options/IOptionSeries.sol";
import {SeriesKind} from "../../../contracts/options/SeriesPayoff.sol";
import {SampleMoney} from "../../../contracts/samples/SampleMoney.sol";
import {vm} from "../utils/Test.sol";
import {OptionWorld} from "./OptionWorld.sol";

/// @notice The world of the options, with series. An amount of UNIT is paid one yen a yen.
abstract contract SeriesWorld is OptionWorld {
    uint128 internal constant UNIT = 1e18;
    uint256 internal constant KINDS = uint256(SeriesKind.TouchDown) + 1;

    IOptionSeries internal desk;

    function _buildSeries() internal {
        _build();
        desk = IOptionSeries(deploy("options/OptionSeries.sol:OptionSeries", abi.encode(options.CATALOG())));
        _approve(cash, seller);
        _approve(cash, buyer);
    }

    function _approve(SampleMoney token, address holder) internal {
        vm.prank(holder);
        token.approve(address(desk), type(uint256).max);
    }

    // ---------------------------------------------------------------------------------------------- terms

    /// @dev Strike 100.00, bound 150.00 for calls and 50.00 for puts; kinds with a list take `times`, whose last time is
    /// the expiry, the others expire at EXPIRY.
    function _terms(SeriesKind kind, bytes memory times) internal view returns (SeriesTerms memory t) {
        (t.kind, t.feed, t.decimals, t.method, t.token) = (kind, FEED, feedDecimals, METHOD, cash);
        (t.strike, t.expiry, t.longShare) = (100_00, uint32(EXPIRY), 2_500);
        if (kind == SeriesKind.Call || kind == SeriesKind.AsianCall) t.bound = 150_00;
        if (kind == SeriesKind.Put || kind == SeriesKind.AsianPut) t.bound = 50_00;
        if (kind < SeriesKind.AsianCall) return t;
        t.times = keccak256(times);
        t.expiry = uint32(_at(times, times.length / 4 - 1));
    }

    /// @dev `count` times a day apart, EXPIRY the last.
    function _days(uint256 count) internal pure returns (bytes memory times) {
        for (uint256 i = count; i != 0; --i) times = bytes.concat(times, bytes4(uint32(EXPIRY - (i - 1) * 1 days)));
    }

    function _at(bytes memory times, uint256 index) internal pure returns (uint256 time) {
        for (uint256 i; i < 4; ++i) time = time * 256 + uint8(times[4 * index + i]);
    }

    /// @dev The seller's long tokens at 5 yen a UNIT, until the expiry.
    function _offer(SeriesTerms memory t) internal view returns (Offer memory o) {
        o = Offer(seller, desk.seriesOf(t), UNIT, 5e18, IERC20(cash), t.expiry);
    }

    // ---------------------------------------------------------------------------------------------- doing

    /// @dev The seller writes `amount`, the buyer buys all of it.
    function _sell(SeriesTerms memory t, bytes memory times, uint128 amount) internal returns (uint256 series) {
        vm.prank(seller);
        series = desk.create(t, times, amount);
        Offer memory o = _offer(t);
        vm.prank(seller);
        desk.offer(o, amount);
        vm.prank(buyer);
        desk.buy(o, amount);
    }

    function _settle(SeriesTerms memory t) internal {
        desk.settle(t, new Proof[](0));
    }

    function _observe(SeriesTerms memory t, bytes memory times, uint256 index) internal {
        desk.observe(t, times, index, new Proof[](0));
    }

    function _claim(SeriesTerms memory t, address holder) internal returns (uint256) {
        vm.prank(holder);
        return desk.claim(t);
    }

    function _refused(address caller, bytes memory call, bytes memory expected) internal {
        vm.prank(caller);
        assertReverts(address(desk), call, expected);
    }

    function _assertPhase(uint256 series, SeriesPhase expected) internal view {
        assertEq(uint256(desk.stateOf(series).phase), uint256(expected));
    }
}
