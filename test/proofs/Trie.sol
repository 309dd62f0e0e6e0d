// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title TrieProofs: a bundle's place in the trie, and its words' place in storage
/// @dev A side is `(bundle >> level) & 1` in ReportReader.climb, a word's index `(bundle << 6) + i` in Oracle; written here as
/// quotients and products. test/contracts/ProofTwins.t.sol holds them against the contracts.
contract TrieProofs {
    /// @dev Twin of a step of ReportReader.climb: `unit` is 2 ** level.
    function side(uint256 bundle, uint256 unit) internal pure returns (uint256) {
        return (bundle / unit) % 2;
    }

    /// @dev The step of an induction over the 24 levels: two bundles with the same sides have the same halves, whose sides
    /// are those one level up.
    function aSideAndTheRestMakeABundle(uint24 a, uint24 b) external pure {
        require(side(a, 1) == side(b, 1) && a / 2 == b / 2);
        assert(a == b);
    }

    function theRestHasTheSidesAbove(uint24 bundle) external pure {
        uint256 rest = bundle / 2;
        assert(side(rest, 1) == side(bundle, 2) && side(rest, 2 ** 11) == side(bundle, 2 ** 12));
        assert(side(rest, 2 ** 22) == side(bundle, 2 ** 23) && rest / 2 ** 23 == 0);
    }

    function sameSidesOfFourLevelsAreOneBundle(uint8 a, uint8 b) external pure {
        require(side(a, 1) == side(b, 1) && side(a, 2) == side(b, 2));
        require(side(a, 4) == side(b, 4) && side(a, 8) == side(b, 8));
        require(a < 16 && b < 16);
        assert(a == b);
    }

    function wordsOfTwoBundlesAreApart(uint24 a, uint24 b, uint8 i, uint8 j) external pure {
        require(a != b && i < 64 && j < 64);
        assert(uint256(a) * 64 + i != uint256(b) * 64 + j);
    }

    function everyWordIsInsideTheArray(uint24 bundle, uint8 i) external pure {
        require(i < 64);
        assert(uint256(bundle) * 64 + i < 2 ** 30);
    }

    function aFeedsWordIsItsBundles(uint24 bundle, uint8 position) external pure {
        uint256 word = (uint256(bundle) * 256 + position) / 4;
        assert(word / 64 == bundle && word == uint256(bundle) * 64 + position / 4);
    }

    function aBundleHasAtMost64Words(uint8 feedsLessOne) external pure {
        assert(uint256(feedsLessOne) / 4 + 1 <= 64);
    }

    function twoTimesInOneSlotAreALapApart(uint32 a, uint32 b) external pure {
        require(a < b && a % 300 == 0 && b % 300 == 0);
        require((a / 300) % 8192 == (b / 300) % 8192);
        assert(uint256(b) - a >= 8192 * 300);
    }

    /// @dev False: with 65 words a bundle would write into the next one.
    function FALSE_sixtyFiveWordsStayApart(uint24 a, uint24 b, uint8 i, uint8 j) external pure {
        require(a != b && i < 65 && j < 65);
        assert(uint256(a) * 64 + i != uint256(b) * 64 + j);
    }

    /// @dev False: seven levels do not tell eight bits apart.
    function FALSE_sevenLevelsAreEnough(uint8 a, uint8 b) external pure {
        require(a % 128 == b % 128);
        assert(a == b);
    }
}
