// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Vm: the cheatcodes of Hardhat's Solidity tests that we use
/// @dev The names and their meaning are Foundry's. What is not here can be added as it is needed.
interface Vm {
    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    // ---- time and chain

    function warp(uint256 timestamp) external;
    /// @dev Read the time with this after a warp: the compiler may keep an earlier `block.timestamp`.
    function getBlockTimestamp() external view returns (uint256);
    function chainId(uint256 id) external;
    function snapshotState() external returns (uint256 id);
    function revertToState(uint256 id) external returns (bool);

    // ---- accounts

    function addr(uint256 key) external pure returns (address);
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function prank(address sender) external;
    function startPrank(address sender) external;
    function deal(address account, uint256 balance) external;
    function etch(address account, bytes calldata code) external;
    /// @dev Makes every slot of an account cold again, as at the start of a transaction.
    function cool(address account) external;
    function label(address account, string calldata name) external;

    // ---- artifacts

    /// @dev Creation code of a contract under its source name, as `hardhat build` made it.
    function getCode(string calldata artifact) external view returns (bytes memory);

    // ---- text

    function toString(uint256 value) external pure returns (string memory);

    // ---- expectations

    function expectRevert(bytes4 selector) external;
    function expectRevert(bytes calldata data) external;
    function expectPartialRevert(bytes4 selector) external;
    function expectEmit(address emitter) external;
    function recordLogs() external;
    function getRecordedLogs() external returns (Log[] memory);
    function mockCall(address callee, bytes calldata data, bytes calldata result) external;

    // ---- fuzzing

    function assume(bool condition) external pure;

    // ---- assertions; a failure shows both values

    function assertTrue(bool condition) external pure;
    function assertTrue(bool condition, string calldata message) external pure;
    function assertFalse(bool condition) external pure;
    function assertFalse(bool condition, string calldata message) external pure;
    function assertEq(bool a, bool b) external pure;
    function assertEq(bool a, bool b, string calldata message) external pure;
    function assertEq(uint256 a, uint256 b) external pure;
    function assertEq(uint256 a, uint256 b, string calldata message) external pure;
    function assertEq(int256 a, int256 b) external pure;
    function assertEq(int256 a, int256 b, string calldata message) external pure;
    function assertEq(address a, address b) external pure;
    function assertEq(bytes32 a, bytes32 b) external pure;
    function assertEq(bytes32 a, bytes32 b, string calldata message) external pure;
    function assertEq(string calldata a, string calldata b) external pure;
    function assertEq(bytes calldata a, bytes calldata b) external pure;
    function assertEq(bytes calldata a, bytes calldata b, string calldata message) external pure;
    function assertEq(address[] calldata a, address[] calldata b) external pure;
    function assertNotEq(uint256 a, uint256 b) external pure;
    function assertNotEq(bytes32 a, bytes32 b) external pure;
    function assertLt(uint256 a, uint256 b) external pure;
    function assertLe(uint256 a, uint256 b) external pure;
    function assertLe(uint256 a, uint256 b, string calldata message) external pure;
    function assertGt(uint256 a, uint256 b) external pure;
    function assertGe(uint256 a, uint256 b) external pure;
}
