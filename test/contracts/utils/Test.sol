// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Vm} from "./Vm.sol";

/// @dev Which functions of a contract an invariant test calls.
struct FuzzSelector {
    address addr;
    bytes4[] selectors;
}

Vm constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

/// @title Test: what every Solidity test inherits
/// @notice Assertions revert at once and show both values: `vm.assertEq(given, expected)`, or `assertEq` for short.
/// @dev An invariant test names its handlers in `setUp` (`targetContract`); without any, every deployed contract is
/// called. Handlers inherit from Test too.
abstract contract Test {
    /// @dev A common start for tests that need a clock past 1971: 2026-01-01 00:00:00 UTC, a fixing time.
    uint256 internal constant START = 1_767_225_600;

    address[] private _targets;
    FuzzSelector[] private _selectors;
    address[] private _senders;

    // ---------------------------------------------------------------------------------------------- time and accounts

    /// @dev Moves the clock to `timestamp`.
    function warp(uint256 timestamp) internal {
        vm.warp(timestamp);
    }

    /// @dev Moves the clock forward.
    function skip(uint256 secs) internal {
        vm.warp(vm.getBlockTimestamp() + secs);
    }

    /// @dev The time, also after a warp in the same function.
    function now_() internal view returns (uint256) {
        return vm.getBlockTimestamp();
    }

    /// @dev A key and its address for a name: the same in every run.
    function account(string memory name) internal returns (address addr, uint256 key) {
        key = uint256(keccak256(bytes(name)));
        addr = vm.addr(key);
        vm.label(addr, name);
    }

    /// @dev An address for a name: the same in every run.
    function actor(string memory name) internal returns (address addr) {
        (addr, ) = account(name);
    }

    /// @dev Deploys a contract of contracts/ as it is built for chains: `deploy("Oracle.sol:Oracle", abi.encode(…))`. A
    /// `new` would compile it once more into the test, with the tests' settings. Reverts with the constructor's error.
    function deploy(string memory name, bytes memory args) internal returns (address deployed) {
        bytes memory code = bytes.concat(vm.getCode(string.concat("contracts/", name)), args);
        assembly ("memory-safe") {
            deployed := create(0, add(code, 32), mload(code))
            if iszero(deployed) {
                let free := mload(0x40)
                returndatacopy(free, 0, returndatasize())
                revert(free, returndatasize())
            }
        }
    }

    /// @dev Calls `target` and expects it to revert with exactly `data`; shows what came instead. Where several calls
    /// are to fail in one test this reads better than vm.expectRevert, and it works inside handlers.
    function assertReverts(address target, bytes memory call, bytes memory data) internal {
        (bool ok, bytes memory result) = target.call(call);
        vm.assertFalse(ok, "the call was expected to revert");
        vm.assertEq(result, data);
    }

    // ---------------------------------------------------------------------------------------------- fuzzing

    /// @dev `value` folded into [low, high]; small and large values stay at the edges, which deserve the attention.
    function bound(uint256 value, uint256 low, uint256 high) internal pure returns (uint256) {
        vm.assertLe(low, high, "bound: low is above high");
        if (value >= low && value <= high) return value;
        uint256 size = high - low;
        if (size == type(uint256).max) return value;
        if (value <= 3 && size >= value) return low + value;
        if (value >= type(uint256).max - 3 && size >= type(uint256).max - value) {
            return high - (type(uint256).max - value);
        }
        return low + (value % (size + 1));
    }

    /// @dev As above, for signed numbers.
    function bound(int256 value, int256 low, int256 high) internal pure returns (int256) {
        uint256 flip = uint256(1) << 255; // maps the order of int256 to that of uint256
        return int256(bound(uint256(value) ^ flip, uint256(low) ^ flip, uint256(high) ^ flip) ^ flip);
    }

    /// @dev Invariant tests call every external function of `target`.
    function targetContract(address target) internal {
        _targets.push(target);
    }

    /// @dev Invariant tests call these functions of `target` only.
    function targetSelector(address target, bytes4[] memory selectors) internal {
        _selectors.push(FuzzSelector(target, selectors));
    }

    /// @dev Invariant tests call from these senders only.
    function targetSender(address sender) internal {
        _senders.push(sender);
    }

    /// @dev Read by the runner, as the next two.
    function targetContracts() external view returns (address[] memory) {
        return _targets;
    }

    function targetSelectors() external view returns (FuzzSelector[] memory) {
        return _selectors;
    }

    function targetSenders() external view returns (address[] memory) {
        return _senders;
    }

    // ---------------------------------------------------------------------------------------------- assertions

    function assertTrue(bool condition) internal pure {
        vm.assertTrue(condition);
    }

    function assertTrue(bool condition, string memory message) internal pure {
        vm.assertTrue(condition, message);
    }

    function assertFalse(bool condition) internal pure {
        vm.assertFalse(condition);
    }

    function assertFalse(bool condition, string memory message) internal pure {
        vm.assertFalse(condition, message);
    }

    function assertEq(bool a, bool b) internal pure {
        vm.assertEq(a, b);
    }

    function assertEq(uint256 a, uint256 b) internal pure {
        vm.assertEq(a, b);
    }

    function assertEq(uint256 a, uint256 b, string memory message) internal pure {
        vm.assertEq(a, b, message);
    }

    function assertEq(int256 a, int256 b) internal pure {
        vm.assertEq(a, b);
    }

    function assertEq(int256 a, int256 b, string memory message) internal pure {
        vm.assertEq(a, b, message);
    }

    function assertEq(address a, address b) internal pure {
        vm.assertEq(a, b);
    }

    function assertEq(bytes32 a, bytes32 b) internal pure {
        vm.assertEq(a, b);
    }

    function assertEq(bytes32 a, bytes32 b, string memory message) internal pure {
        vm.assertEq(a, b, message);
    }

    function assertEq(string memory a, string memory b) internal pure {
        vm.assertEq(a, b);
    }

    function assertEq(bytes memory a, bytes memory b) internal pure {
        vm.assertEq(a, b);
    }

    function assertEq(bytes memory a, bytes memory b, string memory message) internal pure {
        vm.assertEq(a, b, message);
    }

    function assertEq(bool a, bool b, string memory message) internal pure {
        vm.assertEq(a, b, message);
    }

    function assertEq(address[] memory a, address[] memory b) internal pure {
        vm.assertEq(a, b);
    }

    function assertNotEq(uint256 a, uint256 b) internal pure {
        vm.assertNotEq(a, b);
    }

    function assertNotEq(bytes32 a, bytes32 b) internal pure {
        vm.assertNotEq(a, b);
    }

    function assertLt(uint256 a, uint256 b) internal pure {
        vm.assertLt(a, b);
    }

    function assertLe(uint256 a, uint256 b) internal pure {
        vm.assertLe(a, b);
    }

    function assertGt(uint256 a, uint256 b) internal pure {
        vm.assertGt(a, b);
    }

    function assertGe(uint256 a, uint256 b) internal pure {
        vm.assertGe(a, b);
    }
}
