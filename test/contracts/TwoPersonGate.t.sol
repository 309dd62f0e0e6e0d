// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

import {IOracle} from "../../contracts/interfaces/IOracle.sol";
import {ITwoPersonGate} from "../../contracts/interfaces/ITwoPersonGate.sol";
import {Governed} from "./utils/Governed.sol";
import {vm} from "./utils/Test.sol";

bytes32 constant S = "salt";

/// @dev What the gate calls in these tests where the oracle would get in the way.
contract Target {
    error Refused(uint256 given, uint256 least);

    address public caller;
    uint256 public value;

    function set(uint256 value_) external returns (uint256 previous) {
        if (value_ < 10) revert Refused(value_, 10);
        (previous, value, caller) = (value, value_, msg.sender);
    }

    function failSilently() external pure {
        assembly {
            revert(0, 0)
        }
    }
}

/// @dev Answers as an oracle might, to be taken for one.
contract Pretender {
    uint256 private immutable WORDS;
    address private immutable GOVERNOR;

    constructor(uint256 words, address governor) {
        (WORDS, GOVERNOR) = (words, governor);
    }

    function config() external view {
        (uint256 words, address governor) = (WORDS, GOVERNOR);
        assembly {
            mstore(0x80, 0)
            mstore(0xa0, 0)
            mstore(0xc0, 0)
            mstore(0xe0, 0)
            mstore(0x100, 0)
            mstore(0x120, governor)
            mstore(0x140, 0)
            return(0x80, mul(words, 32))
        }
    }
}

/// @dev A member that is a contract, and calls back when it is called.
contract Reentrant {
    ITwoPersonGate public gate;
    bytes public callback;
    bytes public result;

    function prepare(ITwoPersonGate gate_, bytes calldata callback_) external {
        (gate, callback) = (gate_, callback_);
    }

    function ping() external {
        (, result) = address(gate).call(callback);
    }
}

contract TwoPersonGateTest is Governed {
    Target internal target;

    function setUp() external {
        deploy();
        genesis();
        target = new Target();
    }

    function setCall(uint256 value) internal pure returns (bytes memory) {
        return abi.encodeCall(Target.set, (value));
    }

    function expectRevertAs(address sender, bytes memory call, bytes memory expected) internal {
        vm.prank(sender);
        assertReverts(address(gate), call, expected);
    }

    function proposeCall(bytes memory data) internal view returns (bytes memory) {
        return abi.encodeCall(ITwoPersonGate.propose, (address(target), data, S));
    }

    function approveCall(bytes memory data) internal view returns (bytes memory) {
        return abi.encodeCall(ITwoPersonGate.approve, (address(target), data, S));
    }

    function executeCall(bytes memory data) internal view returns (bytes memory) {
        return abi.encodeCall(ITwoPersonGate.execute, (address(target), data, S));
    }

    function hashOf(bytes memory data) internal view returns (bytes32) {
        return keccak256(abi.encode(address(target), data, S));
    }

    function withHash(bytes4 selector, bytes32 hash) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(selector, hash);
    }

    function notMember(address caller) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ITwoPersonGate.NotMember.selector, caller);
    }

    function notApproved(bytes32 hash, uint256 given) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ITwoPersonGate.NotApproved.selector, hash, given, 2);
    }

    function tooEarly(uint256 readyAt) internal view returns (bytes memory) {
        return abi.encodeWithSelector(ITwoPersonGate.TooEarly.selector, now_(), readyAt);
    }

    function lapsed(uint256 lapsedAt) internal view returns (bytes memory) {
        return abi.encodeWithSelector(ITwoPersonGate.Lapsed.selector, now_(), lapsedAt);
    }

    function asMember(address member, bytes memory call) internal {
        vm.prank(member);
        (bool ok, bytes memory result) = address(gate).call(call);
        assertTrue(ok, string(result));
    }

    // ---- constructor

    function test_constructor_reads_back() external view {
        assertEq(gate.members(), four(ann, ben, cho, dan));
        assertEq(gate.guardians().length, 1);
        assertEq(gate.guardians()[0], guardian);
    }

    function test_constructor_the_deployer_is_nobody() external {
        expectRevertAs(address(this), proposeCall(setCall(10)), notMember(address(this)));
        vm.expectRevert(abi.encodeWithSelector(IOracle.NotGovernor.selector, address(this), address(gate)));
        oracle.halt(BUNDLE);
    }

    // ---- propose

    function test_propose_opens_an_operation() external {
        vm.expectEmit(address(gate));
        emit ITwoPersonGate.Proposed(hashOf(setCall(10)), ann, address(target), setCall(10), S);
        vm.prank(ann);
        bytes32 hash = gate.propose(address(target), setCall(10), S);
        assertEq(hash, hashOf(setCall(10)));
        assertEq(hash, gate.hashOperation(address(target), setCall(10), S));
        (address[] memory consents, uint256 readyAt, uint256 lapsesAt, bool executed) = gate.operation(hash);
        assertEq(consents.length, 1);
        assertEq(consents[0], ann);
        assertEq(readyAt, 0);
        assertEq(lapsesAt, now_() + DAY);
        assertFalse(executed);
    }

    function test_propose_says_nothing_of_an_approval() external {
        vm.recordLogs();
        asMember(ann, proposeCall(setCall(10)));
        assertEq(vm.getRecordedLogs().length, 1);
    }

    function test_propose_only_members() external {
        expectRevertAs(stranger, proposeCall(setCall(10)), notMember(stranger));
        expectRevertAs(guardian, proposeCall(setCall(10)), notMember(guardian));
    }

    function test_propose_refuses_a_target_without_code() external {
        bytes memory call = abi.encodeCall(ITwoPersonGate.propose, (stranger, setCall(10), S));
        expectRevertAs(ann, call, abi.encodeWithSelector(ITwoPersonGate.NoCode.selector, stranger));
    }

    function test_propose_refuses_what_ran() external {
        operateLater(address(target), setCall(10), S);
        bytes memory expected = withHash(ITwoPersonGate.AlreadyExecuted.selector, hashOf(setCall(10)));
        expectRevertAs(cho, proposeCall(setCall(10)), expected);
        skip(7 * DAY);
        expectRevertAs(cho, proposeCall(setCall(10)), expected);
    }

    function test_propose_one_member_is_not_two() external {
        asMember(ann, proposeCall(setCall(10)));
        bytes memory expected = abi.encodeWithSelector(
            ITwoPersonGate.AlreadyConsented.selector,
            hashOf(setCall(10)),
            ann
        );
        expectRevertAs(ann, proposeCall(setCall(10)), expected);
        expectRevertAs(ann, approveCall(setCall(10)), expected);
    }

    function test_propose_approves_where_it_is_open_already() external {
        asMember(ann, proposeCall(setCall(10)));
        vm.expectEmit(address(gate));
        emit ITwoPersonGate.Approved(hashOf(setCall(10)), ben, now_() + DAY, now_() + 2 * DAY);
        vm.prank(ben);
        gate.propose(address(target), setCall(10), S);
        skip(DAY);
        asMember(ben, executeCall(setCall(10)));
    }

    function test_propose_opens_anew_what_lapsed() external {
        asMember(ann, proposeCall(setCall(10)));
        skip(DAY);
        asMember(ben, proposeCall(setCall(10)));
        (address[] memory consents, , uint256 lapsesAt, ) = gate.operation(hashOf(setCall(10)));
        assertEq(consents.length, 1);
        assertEq(consents[0], ben);
        assertEq(lapsesAt, now_() + DAY);
    }

    function test_propose_opens_anew_what_was_approved_and_lapsed() external {
        consent(address(target), setCall(10), S);
        skip(2 * DAY);
        asMember(cho, proposeCall(setCall(10)));
        expectRevertAs(cho, executeCall(setCall(10)), notApproved(hashOf(setCall(10)), 1));
        asMember(ben, approveCall(setCall(10)));
        expectRevertAs(cho, executeCall(setCall(10)), tooEarly(now_() + DAY));
    }

    // ---- approve

    function test_approve_emits_when_it_can_run() external {
        asMember(ann, proposeCall(setCall(10)));
        skip(1 hours);
        vm.expectEmit(address(gate));
        emit ITwoPersonGate.Approved(hashOf(setCall(10)), ben, now_() + DAY, now_() + 2 * DAY);
        vm.prank(ben);
        assertEq(gate.approve(address(target), setCall(10), S), hashOf(setCall(10)));
        (, uint256 readyAt, uint256 lapsesAt, ) = gate.operation(hashOf(setCall(10)));
        assertEq(readyAt, now_() + DAY);
        assertEq(lapsesAt, now_() + 2 * DAY);
    }

    function test_approve_only_members() external {
        asMember(ann, proposeCall(setCall(10)));
        expectRevertAs(stranger, approveCall(setCall(10)), notMember(stranger));
    }

    function test_approve_needs_a_proposal() external {
        expectRevertAs(ben, approveCall(setCall(10)), withHash(ITwoPersonGate.NotOpen.selector, hashOf(setCall(10))));
    }

    function test_approve_is_for_exactly_what_was_proposed() external {
        asMember(ann, proposeCall(setCall(10)));
        expectRevertAs(ben, approveCall(setCall(11)), withHash(ITwoPersonGate.NotOpen.selector, hashOf(setCall(11))));
        bytes32 hash = keccak256(abi.encode(address(target), setCall(10), bytes32("other")));
        expectRevertAs(
            ben,
            abi.encodeCall(ITwoPersonGate.approve, (address(target), setCall(10), "other")),
            withHash(ITwoPersonGate.NotOpen.selector, hash)
        );
        hash = keccak256(abi.encode(address(oracle), setCall(10), S));
        expectRevertAs(
            ben,
            abi.encodeCall(ITwoPersonGate.approve, (address(oracle), setCall(10), S)),
            withHash(ITwoPersonGate.NotOpen.selector, hash)
        );
    }

    function test_approve_in_the_last_second_of_a_proposal() external {
        asMember(ann, proposeCall(setCall(10)));
        skip(DAY - 1);
        asMember(ben, approveCall(setCall(10)));
    }

    function test_approve_too_late_after_a_day() external {
        asMember(ann, proposeCall(setCall(10)));
        skip(DAY);
        expectRevertAs(ben, approveCall(setCall(10)), withHash(ITwoPersonGate.NotOpen.selector, hashOf(setCall(10))));
    }

    function test_approve_refuses_what_ran() external {
        operateLater(address(target), setCall(10), S);
        bytes memory expected = withHash(ITwoPersonGate.AlreadyExecuted.selector, hashOf(setCall(10)));
        expectRevertAs(cho, approveCall(setCall(10)), expected);
    }

    function test_approve_a_third_consent_changes_no_time() external {
        consent(address(target), setCall(10), S);
        uint256 approvedAt = now_();
        skip(5 hours);
        vm.expectEmit(address(gate));
        emit ITwoPersonGate.Approved(hashOf(setCall(10)), cho, approvedAt + DAY, approvedAt + 2 * DAY);
        asMember(cho, approveCall(setCall(10)));
        warp(approvedAt + 2 * DAY - 1);
        asMember(dan, approveCall(setCall(10)));
        asMember(dan, executeCall(setCall(10)));
    }

    function test_approve_too_late_once_the_approval_lapsed() external {
        consent(address(target), setCall(10), S);
        skip(2 * DAY);
        expectRevertAs(cho, approveCall(setCall(10)), withHash(ITwoPersonGate.NotOpen.selector, hashOf(setCall(10))));
    }

    // ---- execute

    function test_execute_calls_the_target_as_the_gate_and_returns_its_result() external {
        consent(address(target), setCall(10), S);
        skip(DAY);
        asMember(ann, executeCall(setCall(10)));
        assertEq(target.caller(), address(gate));
        vm.prank(ann);
        gate.propose(address(target), setCall(11), S);
        vm.prank(ben);
        gate.approve(address(target), setCall(11), S);
        skip(DAY);
        vm.expectEmit(address(gate));
        emit ITwoPersonGate.Executed(hashOf(setCall(11)), dan);
        vm.prank(dan); // who consented to nothing
        bytes memory result = gate.execute(address(target), setCall(11), S);
        assertEq(abi.decode(result, (uint256)), 10);
        (, , , bool executed) = gate.operation(hashOf(setCall(11)));
        assertTrue(executed);
    }

    function test_execute_only_members() external {
        consent(address(target), setCall(10), S);
        skip(DAY);
        expectRevertAs(stranger, executeCall(setCall(10)), notMember(stranger));
        expectRevertAs(guardian, executeCall(setCall(10)), notMember(guardian));
    }

    function test_execute_needs_two() external {
        expectRevertAs(ann, executeCall(setCall(10)), notApproved(hashOf(setCall(10)), 0));
        asMember(ann, proposeCall(setCall(10)));
        skip(DAY - 1);
        expectRevertAs(ann, executeCall(setCall(10)), notApproved(hashOf(setCall(10)), 1));
        expectRevertAs(ben, executeCall(setCall(10)), notApproved(hashOf(setCall(10)), 1));
    }

    function test_execute_not_a_second_before_the_delay_is_over() external {
        consent(address(target), setCall(10), S);
        uint256 readyAt = now_() + DAY;
        expectRevertAs(ann, executeCall(setCall(10)), tooEarly(readyAt));
        warp(readyAt - 1);
        expectRevertAs(ann, executeCall(setCall(10)), tooEarly(readyAt));
        warp(readyAt);
        asMember(ann, executeCall(setCall(10)));
        assertEq(target.value(), 10);
    }

    function test_execute_in_the_last_second_of_the_approval() external {
        consent(address(target), setCall(10), S);
        skip(2 * DAY - 1);
        asMember(ann, executeCall(setCall(10)));
    }

    function test_execute_not_a_day_after_it_was_ready() external {
        consent(address(target), setCall(10), S);
        uint256 lapsesAt = now_() + 2 * DAY;
        warp(lapsesAt);
        expectRevertAs(ann, executeCall(setCall(10)), lapsed(lapsesAt));
    }

    function test_execute_once() external {
        operateLater(address(target), setCall(10), S);
        bytes memory expected = withHash(ITwoPersonGate.AlreadyExecuted.selector, hashOf(setCall(10)));
        expectRevertAs(ann, executeCall(setCall(10)), expected);
        operateLater(address(target), setCall(10), "again");
    }

    function test_execute_passes_the_targets_error_on_and_stays_approved() external {
        consent(address(target), setCall(9), S);
        skip(DAY);
        expectRevertAs(ann, executeCall(setCall(9)), abi.encodeWithSelector(Target.Refused.selector, 9, 10));
        (, , , bool executed) = gate.operation(hashOf(setCall(9)));
        assertFalse(executed);
        asMember(ann, abi.encodeCall(ITwoPersonGate.withdraw, (hashOf(setCall(9)))));
    }

    function test_execute_reverts_where_the_target_does_so_silently() external {
        bytes memory data = abi.encodeCall(Target.failSilently, ());
        consent(address(target), data, S);
        skip(DAY);
        vm.prank(ann);
        vm.expectRevert(bytes4(keccak256("FailedCall()")));
        gate.execute(address(target), data, S);
    }

    /// @dev As an account's delegation may go between approval and execution.
    function test_execute_reverts_where_the_target_has_lost_its_code() external {
        consent(address(target), setCall(10), S);
        skip(DAY);
        vm.etch(address(target), "");
        bytes memory lost = abi.encodeWithSelector(Address.AddressEmptyCode.selector, address(target));
        expectRevertAs(ann, executeCall(setCall(10)), lost);
        (, , , bool executed) = gate.operation(hashOf(setCall(10)));
        assertFalse(executed);
    }

    function test_execute_takes_no_ether() external {
        vm.deal(ann, 1 ether);
        vm.prank(ann);
        (bool ok, ) = address(gate).call{value: 1}("");
        assertFalse(ok);
    }

    // ---- withdraw

    function withdrawCall() private view returns (bytes memory) {
        return abi.encodeCall(ITwoPersonGate.withdraw, (hashOf(setCall(10))));
    }

    function test_withdraw_by_the_proposer_alone_closes_the_operation() external {
        asMember(ann, proposeCall(setCall(10)));
        vm.expectEmit(address(gate));
        emit ITwoPersonGate.Withdrawn(hashOf(setCall(10)), ann);
        asMember(ann, withdrawCall());
        expectRevertAs(ben, approveCall(setCall(10)), withHash(ITwoPersonGate.NotOpen.selector, hashOf(setCall(10))));
        (address[] memory consents, uint256 readyAt, uint256 lapsesAt, ) = gate.operation(hashOf(setCall(10)));
        assertEq(consents.length + readyAt + lapsesAt, 0);
        asMember(ann, proposeCall(setCall(10)));
    }

    function test_withdraw_by_either_stops_the_execution() external {
        for (uint256 i; i < 2; ++i) {
            uint256 before = vm.snapshotState();
            consent(address(target), setCall(10), S);
            skip(DAY);
            asMember(i == 0 ? ann : ben, withdrawCall());
            expectRevertAs(ann, executeCall(setCall(10)), notApproved(hashOf(setCall(10)), 1));
            vm.revertToState(before);
        }
    }

    function test_withdraw_starts_the_delay_again() external {
        consent(address(target), setCall(10), S);
        skip(DAY - 1);
        asMember(ben, withdrawCall());
        (, uint256 readyAt, , ) = gate.operation(hashOf(setCall(10)));
        assertEq(readyAt, 0);
        asMember(cho, approveCall(setCall(10)));
        uint256 again = now_() + DAY;
        skip(1);
        expectRevertAs(ann, executeCall(setCall(10)), tooEarly(again));
        warp(again);
        asMember(ann, executeCall(setCall(10)));
    }

    function test_withdraw_leaves_the_proposal_its_day_only() external {
        consent(address(target), setCall(10), S);
        skip(DAY);
        asMember(ben, withdrawCall());
        expectRevertAs(cho, approveCall(setCall(10)), withHash(ITwoPersonGate.NotOpen.selector, hashOf(setCall(10))));
    }

    function test_withdraw_changes_nothing_where_two_others_stand() external {
        consent(address(target), setCall(10), S);
        uint256 readyAt = now_() + DAY;
        skip(1 hours);
        asMember(cho, approveCall(setCall(10)));
        warp(readyAt);
        asMember(ann, withdrawCall());
        asMember(cho, executeCall(setCall(10)));
    }

    /// @dev The consent of a member who left and came back stands again, but approves nothing by itself.
    function test_withdraw_ends_the_approval_though_an_old_consent_comes_back() external {
        operateLater(address(gate), abi.encodeCall(ITwoPersonGate.addMember, (stranger)), S);
        bytes memory remove = abi.encodeCall(ITwoPersonGate.removeMember, (cho));
        bytes memory add = abi.encodeCall(ITwoPersonGate.addMember, (cho));
        consent(address(gate), remove, S);
        consent(address(gate), add, S);
        skip(DAY);
        asMember(cho, proposeCall(setCall(10)));
        asMember(ann, abi.encodeCall(ITwoPersonGate.execute, (address(gate), remove, S)));
        asMember(ann, approveCall(setCall(10)));
        asMember(ben, approveCall(setCall(10)));
        asMember(ben, withdrawCall());
        asMember(ann, abi.encodeCall(ITwoPersonGate.execute, (address(gate), add, S)));
        skip(DAY);
        (, , uint256 lapsesAt, ) = gate.operation(hashOf(setCall(10)));
        assertLt(lapsesAt, now_());
        expectRevertAs(ann, executeCall(setCall(10)), lapsed(lapsesAt));
    }

    function test_withdraw_only_ones_own_consent() external {
        consent(address(target), setCall(10), S);
        bytes32 hash = hashOf(setCall(10));
        expectRevertAs(cho, withdrawCall(), abi.encodeWithSelector(ITwoPersonGate.NotConsented.selector, hash, cho));
        bytes memory expected = abi.encodeWithSelector(ITwoPersonGate.NotConsented.selector, hash, stranger);
        expectRevertAs(stranger, withdrawCall(), expected);
        asMember(ann, withdrawCall());
        expectRevertAs(ann, withdrawCall(), abi.encodeWithSelector(ITwoPersonGate.NotConsented.selector, hash, ann));
    }

    function test_withdraw_not_after_it_ran() external {
        operateLater(address(target), setCall(10), S);
        bytes memory expected = withHash(ITwoPersonGate.AlreadyExecuted.selector, hashOf(setCall(10)));
        expectRevertAs(ann, withdrawCall(), expected);
    }

    // ---- cancel

    function cancelCall(bytes32 hash) private pure returns (bytes memory) {
        return abi.encodeCall(ITwoPersonGate.cancel, (hash));
    }

    function cancel(bytes32 hash, bytes32 salt) private {
        vm.prank(cho);
        gate.propose(address(gate), cancelCall(hash), salt);
        vm.prank(dan);
        gate.approve(address(gate), cancelCall(hash), salt);
        vm.expectEmit(address(gate));
        emit ITwoPersonGate.Cancelled(hash);
        vm.prank(dan);
        gate.execute(address(gate), cancelCall(hash), salt);
    }

    function test_cancel_two_stop_at_once_what_two_others_approved() external {
        bytes32 hash = consent(address(target), setCall(10), S);
        skip(DAY);
        cancel(hash, S);
        expectRevertAs(ann, executeCall(setCall(10)), notApproved(hash, 0));
        expectRevertAs(ann, approveCall(setCall(10)), withHash(ITwoPersonGate.NotOpen.selector, hash));
    }

    function test_cancel_also_on_the_day_of_the_proposal() external {
        bytes32 hash = consent(address(target), setCall(10), S);
        cancel(hash, S);
        (address[] memory consents, uint256 readyAt, uint256 lapsesAt, ) = gate.operation(hash);
        assertEq(consents.length + readyAt + lapsesAt, 0);
        expectRevertAs(ann, approveCall(setCall(10)), withHash(ITwoPersonGate.NotOpen.selector, hash));
    }

    function test_cancel_it_can_be_proposed_anew_with_a_new_delay() external {
        bytes32 hash = consent(address(target), setCall(10), S);
        skip(DAY);
        cancel(hash, S);
        consent(address(target), setCall(10), S);
        expectRevertAs(ann, executeCall(setCall(10)), tooEarly(now_() + DAY));
    }

    function test_cancel_nobody_alone() external {
        bytes32 hash = consent(address(target), setCall(10), S);
        bytes memory expected = abi.encodeWithSelector(ITwoPersonGate.NotGate.selector, ann, gate);
        expectRevertAs(ann, cancelCall(hash), expected);
        vm.prank(cho);
        gate.propose(address(gate), cancelCall(hash), S);
        bytes32 cancelHash = gate.hashOperation(address(gate), cancelCall(hash), S);
        expectRevertAs(
            cho,
            abi.encodeCall(ITwoPersonGate.execute, (address(gate), cancelCall(hash), S)),
            notApproved(cancelHash, 1)
        );
    }

    function test_cancel_not_what_is_not_open() external {
        bytes32 hash = hashOf(setCall(10));
        consentAndExpect(hash, "a", withHash(ITwoPersonGate.NotOpen.selector, hash));
        consent(address(target), setCall(10), S);
        skip(2 * DAY);
        consentAndExpect(hash, "b", withHash(ITwoPersonGate.NotOpen.selector, hash));
        operateLater(address(target), setCall(10), S);
        consentAndExpect(hash, "c", withHash(ITwoPersonGate.AlreadyExecuted.selector, hash));
    }

    function consentAndExpect(bytes32 hash, bytes32 salt, bytes memory expected) private {
        consent(address(gate), cancelCall(hash), salt);
        expectRevertAs(ann, abi.encodeCall(ITwoPersonGate.execute, (address(gate), cancelCall(hash), salt)), expected);
    }

    // ---- lists

    function runAndExpect(bytes memory data, bytes memory expected) private {
        consent(address(gate), data, S);
        skip(DAY);
        expectRevertAs(ann, abi.encodeCall(ITwoPersonGate.execute, (address(gate), data, S)), expected);
    }

    function test_lists_only_operations_change_them() external {
        bytes[5] memory calls = [
            abi.encodeCall(ITwoPersonGate.addMember, (stranger)),
            abi.encodeCall(ITwoPersonGate.removeMember, (ann)),
            abi.encodeCall(ITwoPersonGate.addGuardian, (stranger)),
            abi.encodeCall(ITwoPersonGate.removeGuardian, (guardian)),
            abi.encodeCall(ITwoPersonGate.cancel, (S))
        ];
        address[3] memory callers = [ann, guardian, stranger];
        for (uint256 i; i < calls.length; ++i) {
            for (uint256 j; j < callers.length; ++j) {
                bytes memory expected = abi.encodeWithSelector(ITwoPersonGate.NotGate.selector, callers[j], gate);
                expectRevertAs(callers[j], calls[i], expected);
            }
        }
    }

    function test_lists_a_member_joins_and_leaves() external {
        address eve = actor("eve");
        consent(address(gate), abi.encodeCall(ITwoPersonGate.addMember, (eve)), S);
        skip(DAY);
        vm.expectEmit(address(gate));
        emit ITwoPersonGate.MemberAdded(eve);
        vm.prank(ann);
        gate.execute(address(gate), abi.encodeCall(ITwoPersonGate.addMember, (eve)), S);
        assertEq(gate.members().length, 5);
        asMember(eve, proposeCall(setCall(10)));
        consent(address(gate), abi.encodeCall(ITwoPersonGate.removeMember, (ann)), S);
        skip(DAY);
        vm.expectEmit(address(gate));
        emit ITwoPersonGate.MemberRemoved(ann);
        vm.prank(ann);
        gate.execute(address(gate), abi.encodeCall(ITwoPersonGate.removeMember, (ann)), S);
        assertEq(gate.members(), four(eve, ben, cho, dan));
        expectRevertAs(ann, proposeCall(setCall(10)), notMember(ann));
    }

    function test_lists_four_stay() external {
        bytes memory expected = abi.encodeWithSelector(ITwoPersonGate.TooFewMembers.selector, 3, 4);
        runAndExpect(abi.encodeCall(ITwoPersonGate.removeMember, (dan)), expected);
        assertEq(gate.members(), four(ann, ben, cho, dan));
    }

    function test_lists_a_guardian_joins_and_leaves() external {
        consent(address(gate), abi.encodeCall(ITwoPersonGate.addGuardian, (ann)), S);
        skip(DAY);
        vm.expectEmit(address(gate));
        emit ITwoPersonGate.GuardianAdded(ann); // a member may be one
        vm.prank(ann);
        gate.execute(address(gate), abi.encodeCall(ITwoPersonGate.addGuardian, (ann)), S);
        vm.prank(ann);
        gate.halt(address(oracle), BUNDLE);
        consent(address(gate), abi.encodeCall(ITwoPersonGate.removeGuardian, (guardian)), S);
        skip(DAY);
        vm.expectEmit(address(gate));
        emit ITwoPersonGate.GuardianRemoved(guardian);
        vm.prank(ann);
        gate.execute(address(gate), abi.encodeCall(ITwoPersonGate.removeGuardian, (guardian)), S);
        assertEq(gate.guardians().length, 1);
        assertEq(gate.guardians()[0], ann);
        vm.prank(guardian);
        vm.expectRevert(abi.encodeWithSelector(ITwoPersonGate.NotGuardian.selector, guardian));
        gate.halt(address(oracle), BUNDLE);
    }

    function test_lists_not_twice() external {
        bytes memory expected = abi.encodeWithSelector(ITwoPersonGate.AlreadyListed.selector, dan);
        runAndExpect(abi.encodeCall(ITwoPersonGate.addMember, (dan)), expected);
        expected = abi.encodeWithSelector(ITwoPersonGate.AlreadyListed.selector, guardian);
        runAndExpect(abi.encodeCall(ITwoPersonGate.addGuardian, (guardian)), expected);
    }

    function test_lists_not_who_is_not_there() external {
        bytes memory expected = abi.encodeWithSelector(ITwoPersonGate.NotListed.selector, stranger);
        runAndExpect(abi.encodeCall(ITwoPersonGate.removeMember, (stranger)), expected);
        runAndExpect(abi.encodeCall(ITwoPersonGate.removeGuardian, (stranger)), expected);
    }

    function test_lists_not_address_zero() external {
        bytes memory expected = abi.encodeWithSelector(ITwoPersonGate.ZeroAddress.selector);
        runAndExpect(abi.encodeCall(ITwoPersonGate.addMember, (address(0))), expected);
        runAndExpect(abi.encodeCall(ITwoPersonGate.addGuardian, (address(0))), expected);
    }

    /// @dev Removing a member takes its consents out of what is pending; they can still be withdrawn.
    function test_lists_a_removed_members_consent_does_not_count() external {
        operateLater(address(gate), abi.encodeCall(ITwoPersonGate.addMember, (actor("eve"))), S);
        bytes memory removal = abi.encodeCall(ITwoPersonGate.removeMember, (ann));
        vm.prank(cho);
        gate.propose(address(gate), removal, S);
        vm.prank(dan);
        gate.approve(address(gate), removal, S);
        skip(12 hours);
        bytes32 hash = consent(address(target), setCall(10), S);
        skip(12 hours);
        vm.prank(dan);
        gate.execute(address(gate), removal, S);
        skip(11 hours);
        expectRevertAs(ben, executeCall(setCall(10)), notApproved(hash, 1));
        (, uint256 readyAt, , ) = gate.operation(hash);
        assertEq(readyAt, 0);

        // Another consent makes two again, and the delay begins again.
        asMember(cho, approveCall(setCall(10)));
        uint256 again = now_() + DAY;
        warp(again - 1);
        expectRevertAs(ben, executeCall(setCall(10)), tooEarly(again));
        asMember(ann, abi.encodeCall(ITwoPersonGate.withdraw, (hash)));
        warp(again);
        asMember(ben, executeCall(setCall(10)));
    }

    /// @dev Two consents that come to stand together only because a member returns are no approval.
    function test_lists_a_returning_member_approves_nothing_by_returning() external {
        address eve = actor("eve");
        operateLater(address(gate), abi.encodeCall(ITwoPersonGate.addMember, (eve)), S);
        bytes memory removal = abi.encodeCall(ITwoPersonGate.removeMember, (ann));
        bytes memory adding = abi.encodeCall(ITwoPersonGate.addMember, (ann));
        for (uint256 i; i < 2; ++i) {
            vm.prank(cho);
            gate.propose(address(gate), i == 0 ? removal : adding, "return");
            vm.prank(dan);
            gate.approve(address(gate), i == 0 ? removal : adding, "return");
        }
        skip(DAY - 1 hours);
        bytes32 hash = consent(address(target), setCall(10), S);
        skip(1 hours);
        vm.prank(cho);
        gate.execute(address(gate), removal, "return");
        asMember(ben, abi.encodeCall(ITwoPersonGate.withdraw, (hash)));
        asMember(eve, approveCall(setCall(10)));
        vm.prank(cho);
        gate.execute(address(gate), adding, "return");
        skip(DAY);
        expectRevertAs(eve, executeCall(setCall(10)), lapsed(2 * DAY)); // never approved, as if in 1970
    }

    // ---- guardian

    function test_guardian_halts_alone_and_at_once() external {
        vm.warp(START + 300);
        oracle.record(report("signer", START + 300, 42));
        oracle.latest(feed());
        vm.expectEmit(address(gate));
        emit ITwoPersonGate.HaltedBy(guardian, address(oracle), BUNDLE);
        vm.prank(guardian);
        gate.halt(address(oracle), BUNDLE);
        vm.expectRevert(abi.encodeWithSelector(IOracle.Halted.selector, BUNDLE));
        oracle.latest(feed());
    }

    function test_guardian_only_guardians() external {
        address[2] memory others = [ann, stranger];
        for (uint256 i; i < 2; ++i) {
            bytes memory expected = abi.encodeWithSelector(ITwoPersonGate.NotGuardian.selector, others[i]);
            expectRevertAs(others[i], abi.encodeCall(ITwoPersonGate.halt, (address(oracle), BUNDLE)), expected);
        }
    }

    function test_guardian_two_members_halt_and_resume_at_once() external {
        operate(address(oracle), abi.encodeCall(IOracle.halt, (BUNDLE)), S);
        operate(address(oracle), abi.encodeCall(IOracle.resume, (BUNDLE)), S);
        vm.warp(now_() + 1);
        oracle.record(report("signer", now_(), 42));
        (int256 price, ) = oracle.latest(feed());
        assertEq(price, 42);
    }

    function test_guardian_passes_the_oracles_error_on() external {
        bytes memory expected = abi.encodeWithSelector(IOracle.UnknownBundle.selector, 77);
        expectRevertAs(guardian, abi.encodeCall(ITwoPersonGate.halt, (address(oracle), 77)), expected);
    }

    // ---- delay

    function delay(bytes memory data) private view returns (uint256) {
        return gate.delayOf(address(oracle), data);
    }

    function test_delay_none_for_withdrawing_prices_and_opening_bundles() external view {
        assertEq(delay(abi.encodeCall(IOracle.voidFixing, (START, BUNDLE))), 0);
        assertEq(delay(abi.encodeCall(IOracle.voidRoot, (START))), 0);
        assertEq(delay(abi.encodeCall(IOracle.halt, (BUNDLE))), 0);
        assertEq(delay(abi.encodeCall(IOracle.resume, (BUNDLE))), 0);
        assertEq(gate.delayOf(address(gate), abi.encodeCall(ITwoPersonGate.cancel, (S))), 0);
    }

    function test_delay_a_day_for_everything_else() external {
        assertEq(delay(signersCall("next", now_() + 2 * DAY, 1 hours)), DAY);
        assertEq(delay(defineCall(9)), DAY);
        assertEq(delay(abi.encodeCall(IOracle.setGovernor, (stranger))), DAY);
        assertEq(delay(abi.encodeCall(IOracle.record, (""))), DAY);
        assertEq(delay(hex"01020304"), DAY);
        assertEq(delay(hex"010203"), DAY);
        assertEq(delay(""), DAY);
        bytes[4] memory lists = [
            abi.encodeCall(ITwoPersonGate.addMember, (stranger)),
            abi.encodeCall(ITwoPersonGate.removeMember, (ann)),
            abi.encodeCall(ITwoPersonGate.addGuardian, (stranger)),
            abi.encodeCall(ITwoPersonGate.removeGuardian, (guardian))
        ];
        for (uint256 i; i < lists.length; ++i) assertEq(gate.delayOf(address(gate), lists[i]), DAY);
        // What is without delay on the one is not so on the other.
        assertEq(gate.delayOf(address(gate), abi.encodeCall(IOracle.resume, (BUNDLE))), DAY);
        assertEq(delay(abi.encodeCall(ITwoPersonGate.cancel, (S))), DAY);
        assertEq(gate.delayOf(stranger, abi.encodeCall(IOracle.resume, (BUNDLE))), DAY);
    }

    function test_delay_a_day_on_an_oracle_that_another_governs() external {
        address other = newOracle(address(this));
        assertEq(gate.delayOf(other, abi.encodeCall(IOracle.resume, (BUNDLE))), DAY);
    }

    function test_delay_a_day_on_what_only_resembles_an_oracle() external {
        bytes memory call = abi.encodeCall(IOracle.resume, (BUNDLE));
        assertEq(gate.delayOf(address(new Pretender(5, address(gate))), call), DAY);
        assertEq(gate.delayOf(address(new Pretender(7, address(gate))), call), DAY);
        assertEq(gate.delayOf(address(new Pretender(6, address(this))), call), DAY);
        assertEq(gate.delayOf(address(new Pretender(6, address(gate))), call), 0);
        assertEq(gate.delayOf(address(target), call), DAY);
    }

    function test_delay_none_for_an_emergency_rotation() external {
        assertEq(delay(signersCall("next", now_(), 0)), 0);
        assertEq(delay(signersCall("next", now_() + 1 hours, 0)), 0);
        assertEq(delay(signersCall("next", now_() + 1 hours + 1, 0)), DAY);
        assertEq(delay(signersCall("next", now_(), 1)), DAY);
        bytes memory cut = abi.encodePacked(IOracle.setSigners.selector, uint256(96), now_());
        assertEq(delay(cut), DAY);
        assertEq(delay(abi.encodePacked(cut, uint256(0))), 0); // the oracle refuses it: no set follows
        assertEq(delay(abi.encodePacked(cut, uint248(0))), DAY);
    }

    function test_delay_an_emergency_rotation_cuts_the_old_signers_off() external {
        vm.warp(START + 10);
        oracle.record(report("signer", START + 10, 42));
        uint256 from = START + 300;
        operate(address(oracle), signersCall("next", from, 0), S);
        vm.warp(from - 1);
        oracle.record(report("signer", from - 1, 43));
        vm.warp(from);
        bytes memory old = report("signer", from, 44);
        vm.expectPartialRevert(IOracle.UnknownSigners.selector);
        oracle.record(old);
        old = report("signer", from - 1, 44);
        vm.expectRevert(abi.encodeWithSelector(IOracle.NoSetInForce.selector, from - 1));
        oracle.record(old);
        oracle.record(report("next", from, 45));
        (int256 price, ) = oracle.latest(feed());
        assertEq(price, 45);
    }

    function test_delay_an_emergency_rotation_not_run_in_time_is_refused_by_the_oracle() external {
        uint256 from = now_() + 10 minutes;
        bytes memory data = signersCall("next", from, 0);
        consent(address(oracle), data, S);
        vm.warp(from + 1);
        expectRevertAs(
            ann,
            abi.encodeCall(ITwoPersonGate.execute, (address(oracle), data, S)),
            abi.encodeWithSelector(IOracle.BadActiveFrom.selector, from, from + 1)
        );
    }

    /// @dev A rotation without overlap that was approved long before its hour is a planned one, and stays one.
    function test_delay_a_planned_rotation_does_not_become_an_emergency_by_waiting() external {
        bytes memory data = signersCall("next", now_() + 3 hours, 0);
        consent(address(oracle), data, S);
        uint256 readyAt = now_() + DAY;
        skip(2 hours + 30 minutes);
        assertEq(delay(data), 0);
        expectRevertAs(ann, abi.encodeCall(ITwoPersonGate.execute, (address(oracle), data, S)), tooEarly(readyAt));
    }

    function test_delay_a_planned_rotation_serves_both_sets_their_own_times() external {
        uint256 from = START + 2 * DAY;
        operateLater(address(oracle), signersCall("next", from, 1 hours), S);
        vm.warp(from + 60);
        oracle.record(report("signer", from - 300, 42));
        oracle.record(report("next", from + 60, 43));
        (int256 price, ) = oracle.latest(feed());
        assertEq(price, 43);
    }

    // ---- genesis

    function test_genesis_two_persons_without_delay_while_there_are_no_signers() external {
        deploy();
        assertEq(gate.delayOf(address(oracle), defineCall(1)), 0);
        assertEq(gate.delayOf(address(oracle), signersCall("signer", now_() + 7 * DAY, 1 hours)), 0);
        assertEq(gate.delayOf(address(oracle), abi.encodeCall(IOracle.setGovernor, (stranger))), 0);
        genesis();
        assertEq(gate.delayOf(address(oracle), defineCall(1)), DAY);
        assertEq(gate.delayOf(address(oracle), abi.encodeCall(IOracle.setGovernor, (stranger))), DAY);
    }

    function test_genesis_two_persons_nevertheless() external {
        deploy();
        vm.prank(ann);
        gate.propose(address(oracle), defineCall(1), S);
        bytes32 hash = gate.hashOperation(address(oracle), defineCall(1), S);
        vm.prank(ann);
        vm.expectRevert(abi.encodeWithSelector(ITwoPersonGate.NotApproved.selector, hash, 1, 2));
        gate.execute(address(oracle), defineCall(1), S);
    }

    function test_genesis_the_gates_own_lists_wait_even_then() external {
        deploy();
        bytes memory data = abi.encodeCall(ITwoPersonGate.addMember, (stranger));
        assertEq(gate.delayOf(address(gate), data), DAY);
    }

    function test_genesis_it_ends_with_the_first_signers_although_they_are_not_in_force_yet() external {
        deploy();
        operate(address(oracle), signersCall("signer", now_() + 7 * DAY, 0), S);
        assertEq(gate.delayOf(address(oracle), defineCall(1)), DAY);
    }

    /// @dev What was approved in the genesis and not run then never runs without being approved anew.
    function test_genesis_no_approval_outlives_it() external {
        deploy();
        bytes memory data = abi.encodeCall(IOracle.setGovernor, (stranger));
        consent(address(oracle), data, S);
        uint256 approvedAt = now_();
        genesis();
        vm.startPrank(ann);
        vm.expectRevert(abi.encodeWithSelector(ITwoPersonGate.TooEarly.selector, approvedAt, approvedAt + DAY));
        gate.execute(address(oracle), data, S);
        vm.warp(approvedAt + DAY - 1);
        vm.expectRevert(abi.encodeWithSelector(ITwoPersonGate.TooEarly.selector, now_(), approvedAt + DAY));
        gate.execute(address(oracle), data, S);
        vm.warp(approvedAt + DAY);
        vm.expectRevert(abi.encodeWithSelector(ITwoPersonGate.Lapsed.selector, now_(), approvedAt + DAY));
        gate.execute(address(oracle), data, S);
    }

    // ---- reentrancy

    function test_reentrancy_an_operation_runs_once_even_from_within() external {
        deploy();
        Reentrant member = new Reentrant();
        gate = newGate(four(ann, ben, cho, address(member)), new address[](0));
        bytes memory data = abi.encodeCall(Reentrant.ping, ());
        bytes memory again = abi.encodeCall(ITwoPersonGate.execute, (address(member), data, S));
        member.prepare(gate, again);
        bytes32 hash = consent(address(member), data, S);
        skip(DAY);
        vm.prank(ann);
        gate.execute(address(member), data, S);
        assertEq(member.result(), abi.encodeWithSelector(ITwoPersonGate.AlreadyExecuted.selector, hash));
    }

    // ---- veto

    function testFuzz_veto_nobody_blocks_the_others(uint256 moves, uint256 seed) external {
        moves = bound(moves, 1, 24);
        bytes memory removal = abi.encodeCall(ITwoPersonGate.removeMember, (dan));
        operateLater(address(gate), abi.encodeCall(ITwoPersonGate.addMember, (actor("eve"))), S);
        uint256 readyAt;
        bool[2] memory consented;
        for (uint256 i; i < moves; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            interfere(removal, seed);
            if (!consented[0] && (seed >> 8) % 3 == 0) consented[0] = propose(ann, removal);
            if (!consented[1] && (seed >> 16) % 3 == 0) consented[1] = propose(ben, removal);
            if (readyAt == 0 && consented[0] && consented[1]) readyAt = now_() + DAY;
            if (readyAt == 0) continue;
            skip((seed >> 24) % 1 hours);
        }
        if (!consented[0]) propose(ann, removal);
        if (!consented[1]) propose(ben, removal);
        if (readyAt == 0) readyAt = now_() + DAY;
        warp(readyAt);
        interfere(removal, seed >> 1);
        vm.prank(ann);
        gate.execute(address(gate), removal, S);
        assertEq(gate.members().length, 4);
    }

    function propose(address member, bytes memory data) private returns (bool) {
        vm.prank(member);
        gate.propose(address(gate), data, S);
        return true;
    }

    /// @dev The member under removal tries something; most of it fails.
    function interfere(bytes memory removal, uint256 seed) private {
        bytes32 hash = gate.hashOperation(address(gate), removal, S);
        bytes[5] memory calls = [
            abi.encodeCall(ITwoPersonGate.propose, (address(gate), removal, S)),
            abi.encodeCall(ITwoPersonGate.approve, (address(gate), removal, S)),
            abi.encodeCall(ITwoPersonGate.withdraw, (hash)),
            abi.encodeCall(ITwoPersonGate.cancel, (hash)),
            abi.encodeCall(ITwoPersonGate.propose, (address(gate), abi.encodeCall(ITwoPersonGate.cancel, (hash)), S))
        ];
        vm.prank(dan);
        (bool ok, ) = address(gate).call(calls[seed % 5]);
        ok; // either way
    }
}

/// @dev Refused lists; apart, because only this contract deploys the gate with `new`.
contract TwoPersonGateConstructorTest is Governed {
    address private constant ANN = address(1);
    address private constant BEN = address(2);
    address private constant CHO = address(3);
    address private constant DAN = address(4);

    function test_needs_four_members() external {
        address[] memory three = new address[](3);
        (three[0], three[1], three[2]) = (ANN, BEN, CHO);
        _refused(three, 0, abi.encodeWithSelector(ITwoPersonGate.TooFewMembers.selector, 3, 4));
        this.make(four(ANN, BEN, CHO, DAN), new address[](0));
    }

    function test_needs_four_different_members() external {
        _refused(four(ANN, BEN, CHO, BEN), 0, abi.encodeWithSelector(ITwoPersonGate.AlreadyListed.selector, BEN));
    }

    function test_refuses_address_zero() external {
        bytes memory zero = abi.encodeWithSelector(ITwoPersonGate.ZeroAddress.selector);
        _refused(four(ANN, address(0), CHO, DAN), 0, zero);
        _refused(four(ANN, BEN, CHO, DAN), 1, zero);
    }

    function test_refuses_a_guardian_twice() external {
        address[] memory twice = new address[](2);
        (twice[0], twice[1]) = (ANN, ANN);
        bytes memory call = abi.encodeCall(this.make, (four(ANN, BEN, CHO, DAN), twice));
        assertReverts(address(this), call, abi.encodeWithSelector(ITwoPersonGate.AlreadyListed.selector, ANN));
    }

    function make(address[] calldata members, address[] calldata guardians) external {
        newGate(members, guardians);
    }

    /// @dev With so many guardians of address 0.
    function _refused(address[] memory members, uint256 guardians, bytes memory expected) private {
        assertReverts(address(this), abi.encodeCall(this.make, (members, new address[](guardians))), expected);
    }
}
