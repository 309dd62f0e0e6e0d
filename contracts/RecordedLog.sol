// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOracle} from "./interfaces/IOracle.sol";

/// @title RecordedLog: IOracle.Recorded, written where it is emitted from
/// @dev Its data grow in memory as `root | 64 | length | bundles, 3 bytes each`. Collecting them with bytes.concat and
/// encoding them again costs 400 gas more a report.
library RecordedLog {
    /// @param capacity At least the number of bytes that will be added.
    function open(uint256 capacity) internal pure returns (uint256 log) {
        assembly ("memory-safe") {
            log := mload(0x40)
            mstore(add(log, 32), 64) // where the byte string begins
            mstore(add(log, 64), 0) // its length
            mstore(0x40, add(log, add(capacity, 128)))
        }
    }

    function add(uint256 log, uint256 bundle) internal pure {
        assembly ("memory-safe") {
            let length := mload(add(log, 64))
            mstore(add(add(log, 96), length), shl(232, bundle)) // also zeroes what pads it
            mstore(add(log, 64), add(length, 3))
        }
    }

    function isEmpty(uint256 log) internal pure returns (bool empty) {
        assembly ("memory-safe") {
            empty := iszero(mload(add(log, 64)))
        }
    }

    function send(uint256 log, uint256 observedAt, bytes32 root) internal {
        bytes32 topic = IOracle.Recorded.selector;
        assembly ("memory-safe") {
            mstore(log, root)
            log2(log, add(96, and(add(mload(add(log, 64)), 31), not(31))), topic, observedAt)
        }
    }
}
