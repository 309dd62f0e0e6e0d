// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Definition} from "./Definition.sol";
import {IOracle} from "./interfaces/IOracle.sol";

/// @dev The four lanes of a word.
uint256 constant WORD_BYTES = 28;

/// @dev One bundle of a report, as read.
struct Part {
    uint256 bundle;
    uint256 mask; // bit 0: store the fixings; bit 1+w: store word w as latest
    uint256 wordsAt; // where its words begin in the bytes: as many as its definition says
    uint256 end; // where they, and the part, end
    bytes32 root; // where its proof leads
}

/// @title ReportReader: the bytes of a report
/// @dev The trie: at level i from the root, bit i of the bundle number picks the side (0: left); leaf =
/// H(H(bundle:3 . definition . words)), node = H(left . right), an empty place is 0. A leaf's place follows from its
/// bundle number, so a root holds at most one value per bundle, and a 0 at its place proves that it holds none.
library ReportReader {
    /// @dev Reads the part at `offset` into `p`; reverts BadPart, UnknownBundle, BadMask.
    function read(
        bytes calldata data,
        Part memory p,
        uint256 offset,
        mapping(uint256 bundle => bytes32) storage definitions
    ) internal view {
        unchecked {
            // Behind the bytes there may be anything; whatever is read of it is refused by the checks of their length.
            uint256 bundle = load(data, offset) >> 232;
            bytes32 definition = definitions[bundle];
            if (definition == 0) {
                if (offset + 3 > data.length) revert IOracle.BadPart(offset);
                revert IOracle.UnknownBundle(bundle);
            }
            uint256 words = Definition.words(definition);
            uint256 maskBits = ((words + 8) >> 3) << 3; // bit 0 and one for each word, in whole bytes
            uint256 head = load(data, offset + 3);
            uint256 mask = head >> (256 - maskBits);
            uint256 depth = uint8(head >> (248 - maskBits));
            uint256 siblingsAt = offset + (maskBits >> 3) + 4;
            uint256 wordsAt = siblingsAt + (depth << 5);
            uint256 end = wordsAt + words * WORD_BYTES;
            if (end > data.length) revert IOracle.BadPart(offset);
            if (mask >> (words + 1) != 0) revert IOracle.BadMask(bundle, mask);

            uint256 start;
            assembly ("memory-safe") {
                start := data.offset
            }
            bytes32 leaf = _leaf(bundle, definition, start + wordsAt, words * WORD_BYTES);
            bytes32 node = climb(leaf, bundle, start + siblingsAt, depth);
            (p.bundle, p.mask, p.wordsAt, p.end, p.root) = (bundle, mask, wordsAt, end, node);
        }
    }

    /// @dev Climbs from `node`, on the path of `bundle`, past `depth` siblings to the root. `siblings`: where they
    /// stand in the calldata, bottom first.
    function climb(bytes32 node, uint256 bundle, uint256 siblings, uint256 depth) internal pure returns (bytes32 root) {
        root = node;
        // Branchless in the scratch space: 100 gas a level less than Solidity's indexing and choice of order.
        assembly ("memory-safe") {
            for {} depth {} {
                depth := sub(depth, 1) // the level of the node above
                let side := shl(5, and(shr(depth, bundle), 1)) // 0: this node is left; 32: right
                mstore(side, root)
                calldatacopy(xor(side, 32), siblings, 32)
                root := keccak256(0, 64)
                siblings := add(siblings, 32)
            }
        }
    }

    /// @dev H(H(bundle:3 . definition . words)): twice, so that no node passes for a leaf.
    function _leaf(
        uint256 bundle,
        bytes32 definition,
        uint256 wordsAt,
        uint256 length
    ) private pure returns (bytes32 leaf) {
        // Behind the memory in use, which stays free: abi.encodePacked costs 600 gas more.
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, shl(232, bundle)) // bundle:3
            mstore(add(free, 3), definition)
            calldatacopy(add(free, 35), wordsAt, length)
            mstore(0, keccak256(free, add(35, length)))
            leaf := keccak256(0, 32)
        }
    }

    /// @dev The lanes of the word at `offset`.
    function lanes(bytes calldata data, uint256 offset) internal pure returns (uint256) {
        return load(data, offset) >> 32;
    }

    /// @dev keccak256 of `length` bytes from `offset`, which the caller knows to be inside `data`.
    function hash(bytes calldata data, uint256 offset, uint256 length) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, add(data.offset, offset), length)
            result := keccak256(free, length)
        }
    }

    /// @dev 32 bytes of calldata from `offset`; the caller has checked that those it uses are inside `data`. Solidity's
    /// slices check each access: 100 gas a word.
    function load(bytes calldata data, uint256 offset) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := calldataload(add(data.offset, offset))
        }
    }
}
