// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Terms} from "../../../contracts/options/IOptions.sol";
import {Kind, Payoff} from "../../../contracts/options/Payoff.sol";
import {vm} from "../utils/Test.sol";
import {OptionWorld} from "./OptionWorld.sol";

/// @notice Payouts, as the options contract tells them, against exact arithmetic: ⌊a / b⌋ is the number p with
/// p·b <= a < (p + 1)·b.
contract PayoffTest is OptionWorld {
    int256 private constant LOWEST = -(2 ** 55) + 2;
    int256 private constant HIGHEST = 2 ** 55 - 1;

    function setUp() external {
        _build();
    }

    function testFuzz_cashCall_isTheExactPayoutRoundedDown(
        int256 k,
        int256 cap,
        int256 s,
        uint256 size,
        uint256 d
    ) external view {
        (k, s, size, d) = _fold(k, s, size, d);
        vm.assume(k < HIGHEST);
        cap = bound(cap, k + 1, HIGHEST);
        int256 gain = s <= k ? int256(0) : (s < cap ? s : cap) - k;
        _assertFloor(_payout(Kind.Call, k, cap, size, d, s), size * uint256(gain), 10 ** d);
        _assertFloor(_collateral(Kind.Call, k, cap, size, d), size * uint256(cap - k), 10 ** d);
    }

    function testFuzz_cashPut_isTheExactPayoutRoundedDown(
        int256 k,
        int256 floor,
        int256 s,
        uint256 size,
        uint256 d
    ) external view {
        (k, s, size, d) = _fold(k, s, size, d);
        vm.assume(k > LOWEST);
        floor = bound(floor, LOWEST, k - 1);
        int256 gain = s >= k ? int256(0) : k - (s > floor ? s : floor);
        _assertFloor(_payout(Kind.Put, k, floor, size, d, s), size * uint256(gain), 10 ** d);
        _assertFloor(_collateral(Kind.Put, k, floor, size, d), size * uint256(k - floor), 10 ** d);
    }

    function testFuzz_plainPut_paysTheLesserOfStrikeAndStrikeLessPrice(
        int256 k,
        int256 s,
        uint256 size,
        uint256 d
    ) external view {
        (k, s, size, d) = _fold(k, s, size, d);
        k = bound(k, 1, HIGHEST);
        int256 gain = k < k - s ? k : k - s;
        if (gain < 0) gain = 0;
        _assertFloor(_payout(Kind.Put, k, 0, size, d, s), size * uint256(gain), 10 ** d);
    }

    function testFuzz_baseCall_isTheExactPayoutRoundedDown(int256 k, int256 s, uint256 size) external view {
        (k, s, size, ) = _fold(k, s, size, 0);
        k = bound(k, 1, HIGHEST);
        uint256 payout = _payout(Kind.BaseCall, k, 0, size, 2, s);
        if (s <= k) return assertEq(payout, 0);
        _assertFloor(payout, size * uint256(s - k), uint256(s));
        if (size != 0) assertLt(payout, size);
        assertEq(_collateral(Kind.BaseCall, k, 0, size, 2), size);
    }

    /// @dev Of any size whose collateral can be computed, every payout can, and the collateral covers it.
    function testFuzz_noPayoutExceedsTheCollateral(
        uint8 kind,
        int56 k,
        int56 bound_,
        uint256 size,
        uint8 d,
        int56 s
    ) external view {
        Kind one = Kind(kind % 3);
        try this.lockedFor(one, k, bound_, size, d) returns (uint256 locked) {
            assertLe(this.paidAt(one, k, bound_, size, d, s), locked);
        } catch {}
        try this.lockedFor(one, 10_000, one == Kind.Call ? int256(20_000) : int256(0), size, d % 20) returns (
            uint256 locked
        ) {
            assertLe(this.paidAt(one, 10_000, one == Kind.Call ? int256(20_000) : int256(0), size, d % 20, s), locked);
        } catch {}
    }

    function testFuzz_split_givesNoMoreThanThereIs(uint256 locked, uint256 share) external pure {
        share = bound(share, 0, 10_000);
        locked = bound(locked, 0, type(uint256).max / 10_000);
        _assertFloor(Payoff.split(locked, share), locked * share, 10_000);
        assertEq(Payoff.split(type(uint256).max, 10_000), type(uint256).max);
    }

    function test_strikesAndBoundsThatMakeNoOption() external {
        _assertBad(Kind.Call, 100, 100);
        _assertBad(Kind.Call, 100, 99);
        _assertBad(Kind.Put, 100, 100);
        _assertBad(Kind.Put, 100, 101);
        _assertBad(Kind.Put, 0, 0);
        _assertBad(Kind.BaseCall, 0, 0);
        _assertBad(Kind.BaseCall, -1, 0);
        _assertBad(Kind.BaseCall, 100, 1);
    }

    /// @dev At the strike every kind pays nothing, a step beyond it one step; at the bound the most, beyond it no more.
    function test_theStepsAroundStrikeAndBound() external view {
        uint256 step = 1e16; // of a size of 1e18 and two decimals
        int256[6] memory calls = [int256(99_99), 100_00, 100_01, 149_99, 150_00, 150_01];
        uint256[6] memory steps = [uint256(0), 0, 1, 49_99, 50_00, 50_00];
        for (uint256 i; i < 6; ++i) {
            assertEq(_payout(Kind.Call, 100_00, 150_00, 1e18, 2, calls[i]), steps[i] * step);
            assertEq(_payout(Kind.Put, 100_00, 50_00, 1e18, 2, 200_00 - calls[i]), steps[i] * step);
        }
        assertEq(_payout(Kind.BaseCall, 100_00, 0, 1e18, 2, 100_00), 0);
        assertEq(_payout(Kind.BaseCall, 100_00, 0, 10_001e14, 2, 100_01), 1e14);
        assertEq(_collateral(Kind.BaseCall, 1, 0, 7, 2), 7);
    }

    /// @dev Nothing is divided by a price of 0, nor by more than a number can be, where nothing is to be paid.
    function test_outOfTheMoneyNothingIsDivided() external view {
        assertEq(_payout(Kind.BaseCall, 100_00, 0, 1e18, 2, 0), 0);
        assertEq(_payout(Kind.BaseCall, 100_00, 0, 1e18, 2, -1), 0);
        assertEq(_payout(Kind.Call, 100_00, 150_00, 1e18, 255, 100_00), 0);
    }

    function lockedFor(Kind kind, int256 k, int256 b, uint256 size, uint256 d) external view returns (uint256) {
        return _collateral(kind, k, b, size, d);
    }

    function paidAt(Kind kind, int256 k, int256 b, uint256 size, uint256 d, int256 s) external view returns (uint256) {
        return _payout(kind, k, b, size, d, s);
    }

    function _collateral(Kind kind, int256 k, int256 b, uint256 size, uint256 d) private view returns (uint256) {
        return options.collateralOf(_terms(kind, k, b, size, d));
    }

    function _payout(Kind kind, int256 k, int256 b, uint256 size, uint256 d, int256 s) private view returns (uint256) {
        return options.payoutAt(_terms(kind, k, b, size, d), int56(s));
    }

    function _terms(Kind kind, int256 k, int256 b, uint256 size, uint256 d) private pure returns (Terms memory terms) {
        (terms.kind, terms.strike, terms.bound) = (kind, int56(k), int56(b));
        (terms.size, terms.decimals) = (size, uint8(d));
    }

    function _assertBad(Kind kind, int256 k, int256 b) private {
        bytes memory call = abi.encodeCall(options.collateralOf, (_terms(kind, k, b, 1e18, 2)));
        assertReverts(address(options), call, abi.encodeWithSelector(Payoff.BadStrike.selector, kind, k, b));
    }

    /// @dev Sizes below 2^190: their products with a difference of prices fit.
    function _fold(
        int256 k,
        int256 s,
        uint256 size,
        uint256 d
    ) private pure returns (int256, int256, uint256, uint256) {
        return (bound(k, LOWEST, HIGHEST), bound(s, LOWEST, HIGHEST), bound(size, 0, 2 ** 190), bound(d, 0, 20));
    }

    function _assertFloor(uint256 given, uint256 numerator, uint256 denominator) private pure {
        assertLe(given * denominator, numerator);
        assertLt(numerator - given * denominator, denominator);
    }
}
