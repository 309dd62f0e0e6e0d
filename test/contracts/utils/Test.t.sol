// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test, vm} from "./Test.sol";

/// @dev Calls through itself, so that a failed assertion can be observed.
contract TestTest is Test {
    error Both(uint256 given, uint256 expected);

    function fail(uint256 given, uint256 expected) external pure {
        revert Both(given, expected);
    }

    function equal(uint256 a, uint256 b) external pure {
        assertEq(a, b);
    }

    function test_assertionsShowBothValues() external view {
        try this.equal(1, 2) {
            revert("equal(1, 2) passed");
        } catch (bytes memory reason) {
            assertTrue(_contains(reason, "1 != 2"), string(reason));
        }
    }

    function test_assertReverts_comparesTheWholeError() external {
        bytes memory call = abi.encodeCall(this.fail, (1, 2));
        assertReverts(address(this), call, abi.encodeWithSelector(Both.selector, 1, 2));
    }

    function test_assertReverts_failsWhereNothingReverts() external {
        (bool ok, ) = address(this).call(abi.encodeCall(this.expectToFail, ()));
        assertFalse(ok);
    }

    function expectToFail() external {
        assertReverts(address(this), abi.encodeCall(this.equal, (1, 1)), "");
    }

    function testFuzz_bound_staysInside(uint256 value, uint256 a, uint256 b) external pure {
        (uint256 low, uint256 high) = a < b ? (a, b) : (b, a);
        uint256 bounded = bound(value, low, high);
        assertGe(bounded, low);
        assertLe(bounded, high);
    }

    function testFuzz_bound_staysInside(int256 value, int256 a, int256 b) external pure {
        (int256 low, int256 high) = a < b ? (a, b) : (b, a);
        int256 bounded = bound(value, low, high);
        assertTrue(bounded >= low && bounded <= high);
    }

    function test_timeAndKeys() external {
        warp(START);
        skip(7);
        assertEq(now_(), START + 7);
        (address addr, uint256 key) = account("alice");
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, keccak256("x"));
        assertEq(ecrecover(keccak256("x"), v, r, s), addr);
        assertEq(START % 300, 0);
    }

    function _contains(bytes memory text, bytes memory part) private pure returns (bool) {
        for (uint256 i; i + part.length <= text.length; ++i) {
            uint256 j;
            while (j < part.length && text[i + j] == part[j]) ++j;
            if (j == part.length) return true;
        }
        return false;
    }
}

contract Counter is Test {
    uint256 public calls;
    uint256 public never;
    address public caller;

    function count() external {
        ++calls;
        caller = msg.sender;
    }

    function forbidden() external {
        ++never;
    }
}

/// @dev The runner obeys what the getters of Test say.
contract TargetsTest is Test {
    Counter private _counter;

    function setUp() external {
        _counter = new Counter();
        targetContract(address(_counter));
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = Counter.count.selector;
        targetSelector(address(_counter), selectors);
        targetSender(address(0xcafe));
    }

    function invariant_onlyTheTargetIsCalled() external view {
        assertEq(_counter.never(), 0);
        assertTrue(_counter.calls() == 0 || _counter.caller() == address(0xcafe));
    }

    function afterInvariant() external view {
        assertGt(_counter.calls(), 0);
    }
}
