// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Definition: what the prices of a bundle mean, as one hash
/// @dev keccak256(abi.encode(bundle, symbols, decimals, methods, maxInputAge)) with its last byte replaced by the
/// number of feeds − 1, so that one slot also says how many words the bundle has.
library Definition {
    /// @notice The hash of a bundle of symbols.length (1 to 256) feeds.
    function hash(
        uint256 bundle,
        string[] calldata symbols,
        uint8[] calldata decimals,
        bytes32[] calldata methods,
        uint32[] calldata maxInputAge
    ) internal pure returns (bytes32) {
        uint256 full = uint256(keccak256(abi.encode(bundle, symbols, decimals, methods, maxInputAge)));
        return bytes32(((full >> 8) << 8) | (symbols.length - 1));
    }

    /// @notice The number of words (four feeds each) of a defined bundle.
    function words(bytes32 definition) internal pure returns (uint256) {
        unchecked {
            return (uint256(uint8(uint256(definition))) >> 2) + 1;
        }
    }
}
