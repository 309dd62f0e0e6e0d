// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev A contract's code has at most 24,576 bytes; a blob's begins with one that is not data.
uint256 constant LONGEST_BLOB = 24_575;

/// @title Blob: bytes kept as the code of a contract
/// @dev Its code is a STOP, so that nobody can run the rest, and the data. `address.code` reads it back.
contract Blob {
    constructor(bytes memory data) {
        bytes memory code = bytes.concat(hex"00", data);
        // Solidity itself returns only the contract's own code from a constructor.
        assembly ("memory-safe") {
            return(add(code, 32), mload(code))
        }
    }
}
