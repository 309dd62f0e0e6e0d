// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title PackingProofs: lanes and words
/// @dev Twins of FeedId.priceIn and Words.store, whose assembly the model checker does not see, in sums and quotients:
/// over shifts the solver does not finish. test/contracts/ProofTwins.t.sol holds them against the contracts. Each external
/// function asserts one property, named by it.
contract PackingProofs {
    uint256 internal constant LANE = 2 ** 56;

    /// @dev The bits of a signed lane, as a number.
    function bits(int56 price) internal pure returns (uint256) {
        return price >= 0 ? uint256(int256(price)) : uint256(int256(price) + int256(LANE));
    }

    /// @dev Twin of FeedId.priceIn: `unit` is 2 ** (56 * lane); sign-extended.
    function lane(uint256 word, uint256 unit) internal pure returns (int256) {
        uint256 found = (word / unit) % LANE;
        return found < LANE / 2 ? int256(found) : int256(found) - int256(LANE);
    }

    /// @dev Twin of Words.store, of a lane and whatever is below and above it.
    function pack(uint256 below, int56 price, uint256 above, uint256 unit) internal pure returns (uint256) {
        return below + (bits(price) + above * LANE) * unit;
    }

    /// @dev The first step of reading lane 1: what is below it does not matter.
    function fromLane1OnNothingBelowMatters(uint56 below, uint200 rest) external pure {
        assert((below + uint256(rest) * 2 ** 56) / 2 ** 56 == rest);
    }

    function fromLane2OnNothingBelowMatters(uint112 below, uint144 rest) external pure {
        assert((below + uint256(rest) * 2 ** 112) / 2 ** 112 == rest);
    }

    function fromLane3OnNothingBelowMatters(uint168 below, uint88 rest) external pure {
        assert((below + uint256(rest) * 2 ** 168) / 2 ** 168 == rest);
    }

    function theTimeIsReadWhateverTheLanes(uint224 lanes, uint32 time) external pure {
        assert((lanes + uint256(time) * 2 ** 224) / 2 ** 224 == time);
    }

    /// @dev The second step: what is above it does not matter either.
    function nothingAboveALaneMatters(uint56 found, uint200 above) external pure {
        assert((found + uint256(above) * 2 ** 56) % 2 ** 56 == found);
    }

    /// @dev The third: its sign.
    function everyPriceIsReadAsItWasPacked(int56 price) external pure {
        uint256 packed = price >= 0 ? uint256(int256(price)) : uint256(int256(price) + 2 ** 56);
        assert((packed < 2 ** 55 ? int256(packed) : int256(packed) - 2 ** 56) == price);
    }

    function everyLaneIsPackedAgain(uint56 found) external pure {
        int256 price = found < 2 ** 55 ? int256(uint256(found)) : int256(uint256(found)) - 2 ** 56;
        assert(price >= type(int56).min && price <= type(int56).max);
        assert((price >= 0 ? uint256(price) : uint256(price + 2 ** 56)) == found);
    }

    function noPriceAndVoidAreNoPrices(int56 price) external pure {
        int256 none = type(int56).min;
        int256 voided = none + 1;
        require(price > voided);
        assert(int256(price) != none && int256(price) != voided && none != voided);
    }

    /// @dev False: the lowest number is a mark, not a price.
    function FALSE_everyLaneIsAPrice(int56 price) external pure {
        assert(price > type(int56).min + 1);
    }

    /// @dev False: lanes are signed.
    function FALSE_lanesAreUnsigned(uint256 word) external pure {
        assert(lane(word, 1) >= 0);
    }
}
