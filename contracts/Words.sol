// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Words: one storage word for each four feeds, time:32 | lanes:224
/// @dev A word's index is FeedId.word() or (bundle << 6) + i, i < 64, of a defined bundle: always below 2^30. Solidity
/// would check that again at every access, for 30 gas each, 3,000 in a report of 100 feeds with fixings.
library Words {
    function load(uint256[2 ** 30] storage words, uint256 index) internal view returns (uint256 word) {
        assembly ("memory-safe") {
            word := sload(add(words.slot, index))
        }
    }

    function store(uint256[2 ** 30] storage words, uint256 index, uint256 time, uint256 lanes) internal {
        assembly ("memory-safe") {
            sstore(add(words.slot, index), or(shl(224, time), lanes))
        }
    }
}
