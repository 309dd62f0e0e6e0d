// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";

import {Kind, Payoff} from "./Payoff.sol";

/// @notice What the long side of a series is paid, by its strike K, its bound and one number S. Of the first five, S
/// is the fixing of the expiry. Call, Put and BaseCall are those of Payoff: with a bound beside the strike a Call is a
/// call spread and a Put a put spread; a plain put has the bound 0; the call without a cap is the BaseCall.
/// DigitalCall pays everything above K, DigitalPut everything below K. AsianCall and AsianPut are a Call and a Put on
/// the arithmetic mean of the fixings of a list of times. TouchUp pays everything if a fixing of the list is at K or
/// above, TouchDown if one is at K or below.
enum SeriesKind {
    Call,
    Put,
    BaseCall,
    DigitalCall,
    DigitalPut,
    AsianCall,
    AsianPut,
    TouchUp,
    TouchDown
}

/// @notice Of an amount of tokens the long side receives amount · long / unit, the short side amount · short / unit.
/// @dev Whatever happened, (long + short) / unit is what was locked for each: so the two sides never receive more.
struct Weights {
    uint256 long;
    uint256 short;
    uint256 unit;
}

/// @title SeriesPayoff: what a series locks, gathers and pays
/// @dev Prices (strike, bound, total) are in the decimals of the feed. Everything here is exact; the one division is
/// its caller's. Of the numbers that a series can have (prices of 56 bits, MOST_DECIMALS, TIMES) a product with an
/// amount of 128 bits fits 256: 128 + 57 + 10 bits above, and 10^38 · 2^10 · 10^4 below.
library SeriesPayoff {
    uint256 internal constant MOST_DECIMALS = 38; // a price has 17 digits
    uint256 internal constant WHOLE = Payoff.WHOLE;

    /// @notice A digital and a one-touch pay all or nothing: their bound is 0.
    error NoBound(SeriesKind kind, int256 bound);
    /// @notice A price of the feed has more decimals than its products with an amount leave room for.
    error TooManyDecimals(uint256 given, uint256 most);

    /// @notice Whether the kind gathers the fixings of a list of times, and not that of the expiry alone.
    function isOverTimes(SeriesKind kind) internal pure returns (bool) {
        return kind >= SeriesKind.AsianCall;
    }

    /// @notice Whether the kind pays all or nothing.
    function isDigital(SeriesKind kind) internal pure returns (bool) {
        return
            kind == SeriesKind.DigitalCall ||
            kind == SeriesKind.DigitalPut ||
            kind == SeriesKind.TouchUp ||
            kind == SeriesKind.TouchDown;
    }

    /// @notice Refuses strikes, bounds and decimals that make no option.
    function requireSound(SeriesKind kind, int256 strike, int256 bound, uint256 decimals) internal pure {
        if (decimals > MOST_DECIMALS) revert TooManyDecimals(decimals, MOST_DECIMALS);
        if (!isDigital(kind)) return Payoff.requireSound(_shape(kind), strike, bound);
        if (bound != 0) revert NoBound(kind, bound);
    }

    /// @notice An amount of tokens locks amount · width / unit: the distance between strike and bound, or the amount
    /// itself, of cash or of the base asset.
    function locked(
        SeriesKind kind,
        int256 strike,
        int256 bound,
        uint256 decimals
    ) internal pure returns (uint256 width, uint256 unit) {
        if (isDigital(kind) || kind == SeriesKind.BaseCall) return (1, 1);
        return (SignedMath.abs(bound - strike), 10 ** decimals);
    }

    /// @notice The total after one more price. Asian: the sum. TouchUp, TouchDown: the highest, the lowest. Otherwise
    /// the price.
    /// @param found How many prices the total holds.
    function add(SeriesKind kind, int256 total, uint256 found, int256 price) internal pure returns (int256) {
        if (found == 0) return price;
        if (kind == SeriesKind.TouchUp) return SignedMath.max(total, price);
        if (kind == SeriesKind.TouchDown) return SignedMath.min(total, price);
        return total + price;
    }

    /// @notice Whether a one-touch is decided, whatever the other times say.
    function isTouched(SeriesKind kind, int256 strike, int256 total) internal pure returns (bool) {
        if (kind == SeriesKind.TouchUp) return total >= strike;
        return kind == SeriesKind.TouchDown && total <= strike;
    }

    /// @notice Who receives how much at a total of `found` prices, one at least.
    /// @dev An Asian compares the sum with `found` times the strike: the mean itself is never rounded.
    function weights(
        SeriesKind kind,
        int256 strike,
        int256 bound,
        uint256 decimals,
        int256 total,
        uint256 found
    ) internal pure returns (Weights memory) {
        if (isDigital(kind)) return _isPaid(kind, strike, total) ? Weights(1, 0, 1) : Weights(0, 1, 1);
        if (kind == SeriesKind.BaseCall) {
            uint256 part = Payoff.points(Kind.BaseCall, strike, bound, total);
            // Above the strike the price is above 0, too.
            return part == 0 ? Weights(0, 1, 1) : Weights(part, uint256(total) - part, uint256(total));
        }
        int256 n = isOverTimes(kind) ? int256(found) : int256(1);
        uint256 gain = Payoff.points(_shape(kind), strike * n, bound * n, total);
        (uint256 width, uint256 unit) = locked(kind, strike, bound, decimals);
        return Weights(gain, width * uint256(n) - gain, unit * uint256(n));
    }

    /// @notice Who receives how much where no fixing counts.
    /// @param share The long side's part, in hundredths of a percent.
    function split(uint256 width, uint256 unit, uint256 share) internal pure returns (Weights memory) {
        return Weights(width * share, width * (WHOLE - share), unit * WHOLE);
    }

    function _isPaid(SeriesKind kind, int256 strike, int256 total) private pure returns (bool) {
        if (kind == SeriesKind.DigitalCall) return total > strike;
        if (kind == SeriesKind.DigitalPut) return total < strike;
        return isTouched(kind, strike, total);
    }

    function _shape(SeriesKind kind) private pure returns (Kind) {
        if (kind == SeriesKind.BaseCall) return Kind.BaseCall;
        return kind == SeriesKind.Put || kind == SeriesKind.AsianPut ? Kind.Put : Kind.Call;
    }
}
