// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Trie: roots and proofs, written without a look at ReportReader
/// @dev `bundles` are those of a catalog, in any order; `leaves[i]` is the leaf of bundles[i], 0 if it is left out.
library Trie {
    function root(uint256[] memory bundles, bytes32[] memory leaves) internal pure returns (bytes32) {
        return _node(bundles, leaves, 0);
    }

    /// @dev Siblings of the place of bundles[which], bottom first; for a leaf that is left out, of the highest empty
    /// node above its place.
    function proof(
        uint256[] memory bundles,
        bytes32[] memory leaves,
        uint256 which
    ) internal pure returns (bytes32[] memory siblings) {
        uint256 bundle = bundles[which];
        bool absent = leaves[which] == 0;
        bytes32[] memory found = new bytes32[](24);
        uint256 depth;
        while (bundles.length > 1) {
            if (absent && _node(bundles, leaves, depth) == 0) break;
            bool right = (bundle >> depth) & 1 == 1;
            (uint256[] memory otherBundles, bytes32[] memory otherLeaves) = _side(bundles, leaves, depth, !right);
            (bundles, leaves) = _side(bundles, leaves, depth, right);
            ++depth;
            found[depth - 1] = _node(otherBundles, otherLeaves, depth);
        }
        siblings = new bytes32[](depth);
        for (uint256 i; i < depth; ++i) siblings[i] = found[depth - 1 - i];
    }

    function _node(uint256[] memory bundles, bytes32[] memory leaves, uint256 level) private pure returns (bytes32) {
        if (bundles.length == 0) return 0;
        if (bundles.length == 1) return leaves[0];
        (uint256[] memory lb, bytes32[] memory ll) = _side(bundles, leaves, level, false);
        (uint256[] memory rb, bytes32[] memory rl) = _side(bundles, leaves, level, true);
        (bytes32 left, bytes32 right) = (_node(lb, ll, level + 1), _node(rb, rl, level + 1));
        return left == 0 && right == 0 ? bytes32(0) : keccak256(abi.encode(left, right));
    }

    function _side(
        uint256[] memory bundles,
        bytes32[] memory leaves,
        uint256 level,
        bool right
    ) private pure returns (uint256[] memory sideBundles, bytes32[] memory sideLeaves) {
        uint256 count;
        for (uint256 i; i < bundles.length; ++i) if (((bundles[i] >> level) & 1 == 1) == right) ++count;
        (sideBundles, sideLeaves) = (new uint256[](count), new bytes32[](count));
        for (uint256 i = bundles.length; i > 0; --i) {
            if (((bundles[i - 1] >> level) & 1 == 1) != right) continue;
            --count;
            (sideBundles[count], sideLeaves[count]) = (bundles[i - 1], leaves[i - 1]);
        }
    }
}
