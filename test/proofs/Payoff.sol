// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title PayoffProofs: what an option locks and pays
/// @dev Payoff's own formulas, with the bounds that prices have (int56) and without mulDiv's assembly: where the product
/// fits, mulDiv is the rounded quotient, written here with its remainder.
contract PayoffProofs {
    /// @dev Twin of Payoff.points for a call.
    function call(int256 strike, int256 bound, int256 price) internal pure returns (int256) {
        if (price <= strike) return 0;
        return (price < bound ? price : bound) - strike;
    }

    /// @dev Twin of Payoff.points for a put.
    function put(int256 strike, int256 bound, int256 price) internal pure returns (int256) {
        if (price >= strike) return 0;
        return strike - (price > bound ? price : bound);
    }

    function aCallNeverGainsMoreThanAtItsBound(int56 strike, int56 bound, int56 price) external pure {
        require(bound > strike);
        assert(call(strike, bound, price) >= 0 && call(strike, bound, price) <= call(strike, bound, bound));
    }

    function aPutNeverGainsMoreThanAtItsBound(int56 strike, int56 bound, int56 price) external pure {
        require(bound < strike);
        assert(put(strike, bound, price) >= 0 && put(strike, bound, price) <= put(strike, bound, bound));
    }

    function aCallNeverFallsWithThePrice(int56 strike, int56 bound, int56 low, int56 high) external pure {
        require(bound > strike && low <= high);
        assert(call(strike, bound, low) <= call(strike, bound, high));
    }

    function aPutNeverRisesWithThePrice(int56 strike, int56 bound, int56 low, int56 high) external pure {
        require(bound < strike && low <= high);
        assert(put(strike, bound, low) >= put(strike, bound, high));
    }

    function atTheStrikeNothingIsPaid(int56 strike, int56 bound) external pure {
        assert(call(strike, bound, strike) == 0 && put(strike, bound, strike) == 0);
    }

    function aCallSpreadAndItsPutSpreadAddUp(int56 low, int56 high, int56 price) external pure {
        require(low < high);
        assert(call(low, high, price) + put(high, low, price) == int256(high) - low);
    }

    /// @dev A BaseCall gains less than the price, so it pays less than its size.
    function aBaseCallGainsLessThanThePrice(int56 strike, int56 price) external pure {
        require(strike > 0 && price > strike);
        assert(int256(price) - strike < price);
    }

    /// @dev False: without its bound a call's gain is not covered.
    function FALSE_anUncappedCallIsCovered(int56 strike, int56 bound, int56 price) external pure {
        require(bound > strike && price > strike);
        assert(int256(price) - strike <= int256(bound) - strike);
    }

    /// @dev False: at the strike nothing is paid, but one above it is.
    function FALSE_nothingIsPaidAboveTheStrike(int56 strike, int56 bound) external pure {
        require(bound > strike && strike < type(int56).max);
        assert(call(strike, bound, int256(strike) + 1) == 0);
    }
}
