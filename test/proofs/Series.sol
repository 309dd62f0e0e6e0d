// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title SeriesProofs: what the two sides of a series are paid
/// @dev SeriesPayoff's own formulas, with the bounds that prices have (int56) and, where an amount is divided, with a unit
/// of 100: over a product of two unknown numbers the solver does not finish. test/contracts/ProofTwins.t.sol holds them
/// against the contract.
contract SeriesProofs {
    /// @dev Twin of Payoff.points for a call, and of an Asian's whose sum and strikes are of `n` prices.
    function long(int256 strike, int256 bound, int256 total, int256 n) internal pure returns (int256) {
        if (total <= strike * n) return 0;
        return (total < bound * n ? total : bound * n) - strike * n;
    }

    /// @dev Twin of SeriesPayoff.add for a TouchUp.
    function higher(int256 total, int256 price) internal pure returns (int256) {
        return price > total ? price : total;
    }

    /// @dev Twin of SeriesPayoff.weights for a DigitalCall.
    function above(int256 strike, int256 price) internal pure returns (int256) {
        return price > strike ? int256(1) : int256(0);
    }

    /// @dev Twin of SeriesPayoff.weights for a DigitalPut.
    function below(int256 strike, int256 price) internal pure returns (int256) {
        return price < strike ? int256(1) : int256(0);
    }

    function neitherSideOfACallIsOwedLessThanNothing(int56 strike, int56 bound, int56 price) external pure {
        require(bound > strike);
        int256 gain = long(strike, bound, price, 1);
        assert(gain >= 0 && gain <= int256(bound) - strike); // the short side has the rest
    }

    function neitherSideOfTwelveFixingsIsOwedLessThanNothing(int56 strike, int56 bound, int80 sum) external pure {
        require(bound > strike);
        int256 gain = long(strike, bound, sum, 12);
        assert(gain >= 0 && gain <= (int256(bound) - strike) * 12);
    }

    function aMeanAtTheStrikePaysNothing(int56 strike, int56 bound) external pure {
        require(bound > strike);
        assert(long(strike, bound, int256(strike) * 12, 12) == 0);
    }

    function aMeanOfOnePriceIsThatPrice(int56 strike, int56 bound, int56 price) external pure {
        require(bound > strike);
        assert(long(strike, bound, int256(price) * 12, 12) == 12 * long(strike, bound, price, 1));
    }

    function theSumOfTheLongestListFits(int80 sum, int56 price, uint16 n) external pure {
        require(n < 1024 && sum <= int256(uint256(n)) * 2 ** 55 && sum >= -int256(uint256(n)) * 2 ** 55);
        int256 next = int256(sum) + price;
        assert(next <= type(int80).max && next >= type(int80).min);
    }

    function theOrderOfTwoFixingsDoesNotMatter(int56 total, int56 a, int56 b, int56 barrier) external pure {
        assert(higher(higher(total, a), b) == higher(higher(total, b), a));
        assert((higher(total, a) >= barrier) == (total >= barrier || a >= barrier));
    }

    function aTouchIsNeverTakenBack(int56 total, int56 price, int56 barrier) external pure {
        require(total >= barrier);
        assert(higher(total, price) >= barrier);
    }

    function twoDigitalsPayAtMostOne(int56 strike, int56 price) external pure {
        int256 paid = above(strike, price) + below(strike, price);
        assert(paid == (price == strike ? int256(0) : int256(1)));
    }

    /// @dev Of what is locked for two claims, both rounded down.
    function twoClaimsRoundedDownFitIntoTheWhole(uint128 a, uint128 b) external pure {
        assert(uint256(a) / 100 + uint256(b) / 100 <= (uint256(a) + b) / 100);
    }

    function twoClaimsRoundedDownLeaveOneAtMost(uint128 a, uint128 b) external pure {
        require((uint256(a) + b) % 100 == 0);
        assert((uint256(a) + b) / 100 - uint256(a) / 100 - uint256(b) / 100 <= 1);
    }

    function longAndShortOfTwoSeriesAreFourTokens(uint256 a, uint256 b) external pure {
        require(a % 2 == 0 && b % 2 == 0 && a != b);
        assert(a + 1 != b && b + 1 != a && a + 1 != b + 1);
    }

    /// @dev False: of both rounded down something can be left.
    function FALSE_twoClaimsLeaveNothing(uint128 a, uint128 b) external pure {
        require((uint256(a) + b) % 100 == 0);
        assert(uint256(a) / 100 + uint256(b) / 100 == (uint256(a) + b) / 100);
    }

    /// @dev False: at its barrier a one-touch is touched, a digital is not paid.
    function FALSE_aTouchIsADigitalOfTheHighest(int56 total, int56 barrier) external pure {
        assert((total >= barrier) == (total > barrier));
    }

    /// @dev False: without its bound an Asian's short side would owe.
    function FALSE_anUncappedAsianIsCovered(int56 strike, int56 bound, int80 sum) external pure {
        require(bound > strike && sum > int256(strike) * 12);
        assert(int256(sum) - int256(strike) * 12 <= (int256(bound) - strike) * 12);
    }
}
