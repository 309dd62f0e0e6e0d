// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";

/// @notice What an option pays at the price S, by its strike K and its bound. Call: min(S, bound) − K in cash, above K.
/// Put: K − max(S, bound) in cash, below K; a plain put has the bound 0 and pays min(K, K − S). BaseCall: (S − K) / S
/// of the base asset, above K.
enum Kind {
    Call,
    Put,
    BaseCall
}

/// @title Payoff: what an option locks and pays
/// @dev Prices (strike, bound, price) are in the decimals of the feed. `size` and every result are in the smallest unit
/// of the token. Cash kinds: `size` is what a difference of 1 (10^decimals in the feed's decimals) is worth. BaseCall:
/// `size` is the amount of the base asset. Everything is exact until the one division at the end, which rounds down.
library Payoff {
    uint256 internal constant WHOLE = 10_000; // a share is in hundredths of a percent

    /// @notice The bound of a call must be above its strike, that of a put below; a BaseCall has a strike above 0 and
    /// the bound 0.
    error BadStrike(Kind kind, int256 strike, int256 bound);

    /// @notice What covers every price: the payout at the bound; for a BaseCall, `size`, which no payout reaches.
    /// @dev As the payout never falls on the way to the bound, it never exceeds this.
    function collateral(
        Kind kind,
        int256 strike,
        int256 bound,
        uint256 size,
        uint256 decimals
    ) internal pure returns (uint256) {
        requireSound(kind, strike, bound);
        return kind == Kind.BaseCall ? size : payout(kind, strike, bound, size, decimals, bound);
    }

    /// @notice Refuses a strike and a bound that make no option.
    function requireSound(Kind kind, int256 strike, int256 bound) internal pure {
        bool sound =
            kind == Kind.Call
                ? bound > strike
                : kind == Kind.Put
                    ? bound < strike
                    : strike > 0 && bound == 0;
        if (!sound) revert BadStrike(kind, strike, bound);
    }

    /// @notice What the buyer receives at `price`. At the strike, nothing.
    /// @dev Call: ⌊size · (min(price, bound) − strike) / 10^decimals⌋. Put: ⌊size · (strike − max(price, bound)) /
    /// 10^decimals⌋. BaseCall: ⌊size · (price − strike) / price⌋; there strike > 0, so price > 0 in the division.
    function payout(
        Kind kind,
        int256 strike,
        int256 bound,
        uint256 size,
        uint256 decimals,
        int256 price
    ) internal pure returns (uint256) {
        uint256 gain = points(kind, strike, bound, price);
        if (gain == 0) return 0; // before the division: an option that could be created can be paid out at every price
        return Math.mulDiv(size, gain, kind == Kind.BaseCall ? uint256(price) : 10 ** decimals);
    }

    /// @notice By how much the option is in the money at `price`, in the feed's decimals; never more than at the bound.
    function points(Kind kind, int256 strike, int256 bound, int256 price) internal pure returns (uint256) {
        if (kind == Kind.Put) return price < strike ? uint256(strike - SignedMath.max(price, bound)) : 0;
        if (price <= strike) return 0;
        return uint256((kind == Kind.Call ? SignedMath.min(price, bound) : price) - strike);
    }

    /// @notice The buyer's part of the collateral where no fixing counts: ⌊locked · share / 10,000⌋.
    function split(uint256 locked, uint256 share) internal pure returns (uint256) {
        return Math.mulDiv(locked, share, WHOLE);
    }
}
