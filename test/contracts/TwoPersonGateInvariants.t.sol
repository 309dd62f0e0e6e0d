// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOracle} from "../../contracts/interfaces/IOracle.sol";
import {ITwoPersonGate} from "../../contracts/interfaces/ITwoPersonGate.sol";
import {Governed} from "./utils/Governed.sol";
import {vm} from "./utils/Test.sol";

/// @dev Nine persons around a gate and its oracle: four members at first, two who may become members, a guardian, one
/// who may become a guardian, a stranger. Each does at random whatever they can call. What the gate owes them is kept
/// here a second time, and everything that is governed is compared before and after every single call.
contract Persons is Governed {
    enum Kind {
        VoidFixing,
        VoidRoot,
        Resume,
        Emergency,
        Cancel,
        Halt,
        Rotation,
        Define,
        AddMember,
        RemoveMember,
        AddGuardian,
        RemoveGuardian,
        SetGovernor
    }

    /// @dev An operation, and what this test knows of it.
    struct Known {
        Kind kind;
        address target;
        bytes data;
        uint256 openedAt; // 0: not open
        uint256 approvedAt; // when the second of those who stand behind it came
        uint256 delay; // as it was then
        uint256 runs;
    }

    address[] private _persons;
    mapping(address person => bool) private _isMember;
    mapping(address person => bool) private _isGuardian;
    Known[] private _known;
    mapping(uint256 index => mapping(address person => bool)) private _consents;
    uint256[] private _times; // of fixings
    mapping(uint256 time => bool) private _mayBeVoid;
    bool private _moved; // to another governor
    mapping(uint256 bundle => bool) private _defined;

    constructor() {
        deploy();
        genesis();
        _persons = [ann, ben, cho, dan, actor("eve"), actor("fay"), guardian, actor("gus"), stranger];
        for (uint256 i; i < 4; ++i) _isMember[_persons[i]] = true;
        _isGuardian[guardian] = true;
    }

    // ---------------------------------------------------------------------------------------------- what persons do

    function wait(uint256 dice) external {
        uint256[6] memory spans = [uint256(1 minutes), 20 minutes, 1 hours, 6 hours, DAY - 1, DAY];
        skip(spans[dice % 6]);
    }

    /// @dev A stranger records; this governs nothing, but there is something to void then.
    function record(int56 price) external {
        if (_moved) return;
        if (price <= type(int56).min + 1) price = 0;
        uint256 time = now_() - (now_() % 300);
        bytes memory report_ = report("signer", time, price);
        vm.prank(stranger);
        (bool ok, ) = address(oracle).call(abi.encodeCall(oracle.record, (report_)));
        if (ok) _times.push(time);
    }

    function propose(uint256 who, uint256 kind, uint256 what) external {
        _makeOperation(kind, what);
        _consent(_person(who), _known.length - 1, true);
    }

    function proposeAgain(uint256 who, uint256 which) external {
        if (_known.length != 0) _consent(_person(who), _recent(which), true);
    }

    function approve(uint256 who, uint256 which) external {
        if (_known.length != 0) _consent(_person(who), _recent(which), false);
    }

    /// @dev Two persons, who may be one, do what two members can.
    function proposeAndApprove(uint256 who, uint256 other, uint256 kind, uint256 what) external {
        _makeOperation(kind, what);
        _consent(_persons[who % 5], _known.length - 1, true);
        _consent(_persons[other % 5], _known.length - 1, false);
    }

    function withdraw(uint256 who, uint256 which) external {
        if (_known.length == 0) return;
        which = _recent(which);
        address person = _person(who);
        Known storage op = _known[which];
        bool may = op.runs == 0 && _consents[which][person];
        (bool ok, ) = _unchanged(person, address(gate), abi.encodeCall(gate.withdraw, (_hash(which))));
        assertEq(ok, may, "withdraw");
        if (!ok) return;
        _consents[which][person] = false;
        if (_standing(which) < 2) op.approvedAt = 0;
        if (_consenting(which) == 0) op.openedAt = 0;
    }

    /// @dev Tries the last operations in turn, so that those that may run do not wait for luck.
    function executeRecent(uint256 who) external {
        for (uint256 i; i < 4 && i < _known.length; ++i) _execute(_persons[who % 6], _known.length - 1 - i);
    }

    function execute(uint256 who, uint256 which) external {
        if (_known.length != 0) _execute(_person(who), _recent(which));
    }

    function haltAlone(uint256 who) external {
        address person = _person(who);
        bytes32 fixings = printFixings();
        bytes32 rest = _printRules();
        vm.prank(person);
        (bool ok, ) = address(gate).call(abi.encodeCall(gate.halt, (address(oracle), BUNDLE)));
        assertEq(ok, _isGuardian[person] && !_moved, "halt");
        assertEq(printFixings(), fixings, "a halt changed a fixing");
        assertEq(_printRules(), rest, "a halt changed more than the latest price");
        if (!ok) return;
        vm.expectRevert(abi.encodeWithSelector(IOracle.Halted.selector, BUNDLE));
        oracle.latest(feed());
    }

    /// @dev Everything governed, called past the gate.
    function trespass(uint256 who, uint256 kind, uint256 what) external {
        (, address target, bytes memory data) = _operation(kind, what);
        (bool ok, ) = _unchanged(_person(who), target, data);
        assertFalse(ok, "governed without the gate");
    }

    // ---------------------------------------------------------------------------------------------- inside

    function _consent(address person, uint256 index, bool proposing) private {
        Known storage op = _known[index];
        bool open = _isOpen(index);
        bool may = _isMember[person] && op.runs == 0;
        if (may && open) may = !_consents[index][person];
        if (!open && !proposing) may = false;
        bytes memory call =
            proposing
                ? abi.encodeCall(gate.propose, (op.target, op.data, _salt(index)))
                : abi.encodeCall(gate.approve, (op.target, op.data, _salt(index)));
        (bool ok, ) = _unchanged(person, address(gate), call);
        assertEq(ok, may, proposing ? "propose" : "approve");
        if (!ok) return;
        if (!open) {
            _forget(index);
            op.openedAt = now_();
        }
        _consents[index][person] = true;
        if (_standing(index) == 2) (op.approvedAt, op.delay) = (now_(), _delay(op));
    }

    function _execute(address person, uint256 index) private {
        Known storage op = _known[index];
        uint256 delay = _delay(op) > op.delay ? _delay(op) : op.delay;
        bool may = _isMember[person] && op.runs == 0 && _isOpen(index) && _standing(index) >= 2;
        may = may && now_() >= op.approvedAt + delay;
        bytes32 before = print();
        bytes memory call = abi.encodeCall(gate.execute, (op.target, op.data, _salt(index)));
        vm.prank(person);
        (bool ok, bytes memory result) = address(gate).call(call);
        if (!ok) {
            assertEq(print(), before, "a refused operation changed something");
            assertFalse(may && _isRefusalOfTheGate(bytes4(result)), "two members were refused");
            return;
        }
        assertTrue(may, "executed without two members, in their window, after the delay, not cancelled");
        assertEq(++op.runs, 1, "executed twice");
        _effect(op);
    }

    /// @dev What this operation, and no other, may have changed.
    function _effect(Known storage op) private {
        (bytes memory data, address who) = (op.data, _argument(op.data));
        if (op.kind == Kind.VoidFixing || op.kind == Kind.VoidRoot) _mayBeVoid[uint256(uint160(who))] = true;
        if (op.kind == Kind.AddMember) _isMember[who] = true;
        if (op.kind == Kind.RemoveMember) _isMember[who] = false;
        if (op.kind == Kind.AddGuardian) _isGuardian[who] = true;
        if (op.kind == Kind.RemoveGuardian) _isGuardian[who] = false;
        if (op.kind == Kind.Define) _defined[uint256(uint160(who))] = true;
        if (op.kind == Kind.SetGovernor) _moved = true;
        if (op.kind != Kind.Cancel) return;
        bytes32 hash;
        assembly ("memory-safe") {
            hash := mload(add(data, 36))
        }
        for (uint256 i; i < _known.length; ++i) if (_hash(i) == hash) _forget(i);
    }

    /// @dev Calls and holds that nothing governed has changed.
    function _unchanged(address person, address target, bytes memory call) private returns (bool ok, bytes memory out) {
        bytes32 before = print();
        vm.prank(person);
        (ok, out) = target.call(call);
        assertEq(print(), before, "one person changed what two govern");
    }

    function _makeOperation(uint256 kind, uint256 what) private {
        (Kind kind_, address target, bytes memory data) = _operation(kind, what);
        _known.push(Known(kind_, target, data, 0, 0, 0, 0));
    }

    function _operation(uint256 dice, uint256 what) private returns (Kind kind, address target, bytes memory data) {
        kind = Kind(dice % 13);
        if (kind == Kind.SetGovernor && what % 8 != 0) kind = Kind.VoidFixing; // else all games end early
        if (kind == Kind.Cancel && _known.length == 0) kind = Kind.VoidRoot;
        uint256 time = _times.length == 0 ? START : _times[_times.length - 1 - (what % _min(_times.length, 3))];
        address person = _persons[what % 9];
        target =
            kind == Kind.Cancel || (kind >= Kind.AddMember && kind <= Kind.RemoveGuardian)
                ? address(gate)
                : address(oracle);
        if (kind == Kind.VoidFixing) data = abi.encodeCall(IOracle.voidFixing, (time, BUNDLE));
        else if (kind == Kind.VoidRoot) data = abi.encodeCall(IOracle.voidRoot, (time));
        else if (kind == Kind.Resume) data = abi.encodeCall(IOracle.resume, (BUNDLE));
        else if (kind == Kind.Halt) data = abi.encodeCall(IOracle.halt, (BUNDLE));
        else if (kind == Kind.Emergency) data = signersCall("signer", now_() + (what % 30 minutes), 0);
        else if (kind == Kind.Rotation) data = signersCall("signer", now_() + 3 * DAY, 10 minutes);
        else if (kind == Kind.Cancel) data = abi.encodeCall(ITwoPersonGate.cancel, (_hash(_recent(what))));
        else if (kind == Kind.Define) data = defineCall(BUNDLE + 1 + (what % 7));
        else if (kind == Kind.AddMember) data = abi.encodeCall(ITwoPersonGate.addMember, (person));
        else if (kind == Kind.RemoveMember) data = abi.encodeCall(ITwoPersonGate.removeMember, (person));
        else if (kind == Kind.AddGuardian) data = abi.encodeCall(ITwoPersonGate.addGuardian, (person));
        else if (kind == Kind.RemoveGuardian) data = abi.encodeCall(ITwoPersonGate.removeGuardian, (person));
        else data = abi.encodeCall(IOracle.setGovernor, (person));
    }

    /// @dev None for what withdraws prices or returns them to work, a cancelling, or an emergency; else a day.
    function _delay(Known storage op) private view returns (uint256) {
        if (op.kind == Kind.Cancel) return 0;
        if (_moved || op.target == address(gate)) return DAY;
        return op.kind <= Kind.Halt ? 0 : DAY;
    }

    function _isRefusalOfTheGate(bytes4 error_) private pure returns (bool) {
        return
            error_ == ITwoPersonGate.NotMember.selector ||
            error_ == ITwoPersonGate.NotApproved.selector ||
            error_ == ITwoPersonGate.TooEarly.selector ||
            error_ == ITwoPersonGate.Lapsed.selector;
    }

    function _isOpen(uint256 index) private view returns (bool) {
        Known storage op = _known[index];
        if (op.openedAt == 0) return false;
        uint256 from = _standing(index) < 2 ? op.openedAt : op.approvedAt + op.delay;
        return now_() < from + DAY;
    }

    function _standing(uint256 index) private view returns (uint256 count) {
        for (uint256 i; i < _persons.length; ++i) {
            if (_consents[index][_persons[i]] && _isMember[_persons[i]]) ++count;
        }
    }

    function _consenting(uint256 index) private view returns (uint256 count) {
        for (uint256 i; i < _persons.length; ++i) if (_consents[index][_persons[i]]) ++count;
    }

    function _forget(uint256 index) private {
        for (uint256 i; i < _persons.length; ++i) _consents[index][_persons[i]] = false;
        (_known[index].openedAt, _known[index].approvedAt) = (0, 0);
    }

    function _hash(uint256 index) private view returns (bytes32) {
        return keccak256(abi.encode(_known[index].target, _known[index].data, _salt(index)));
    }

    function _salt(uint256 index) private pure returns (bytes32) {
        return bytes32(index);
    }

    /// @dev The first argument of a call, as an address.
    function _argument(bytes memory data) private pure returns (address argument) {
        assembly ("memory-safe") {
            argument := mload(add(data, 36))
        }
    }

    function _person(uint256 who) private view returns (address) {
        return _persons[who % _persons.length];
    }

    function _recent(uint256 which) private view returns (uint256) {
        return _known.length - 1 - (which % _min(_known.length, 4));
    }

    function _min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }

    // ---------------------------------------------------------------------------------------------- what is governed

    /// @dev Everything that two members govern, as one hash. It changes by no lapse of time.
    function print() public view returns (bytes32) {
        (bool ok, int256 price, uint256 observedAt) = oracle.tryLatest(feed());
        return keccak256(abi.encode(printFixings(), _printRules(), ok, price, observedAt));
    }

    function printFixings() public view returns (bytes32 all) {
        for (uint256 i = _times.length > 6 ? _times.length - 6 : 0; i < _times.length; ++i) {
            (IOracle.Status status, int256 price, uint256 since) = oracle.tryFixing(feed(), _times[i]);
            all = keccak256(abi.encode(all, status, price, since));
        }
    }

    function _printRules() private view returns (bytes32) {
        bytes memory members = abi.encode(gate.members(), gate.guardians());
        bytes32 definitions;
        for (uint256 i; i < 8; ++i) definitions = keccak256(abi.encode(definitions, oracle.definition(BUNDLE + i)));
        return keccak256(abi.encode(keccak256(abi.encode(_config())), members, definitions));
    }

    function _config() private view returns (bytes memory) {
        (bool ok, bytes memory all) = address(oracle).staticcall(abi.encodeCall(oracle.config, ()));
        assertTrue(ok);
        return all;
    }

    // ---------------------------------------------------------------------------------------------- invariants

    /// @dev What is governed is what the operations of two members made of it.
    function checkGoverned() external view {
        (, , , , , address governor) = oracle.config();
        assertEq(governor == address(gate), !_moved, "governor");
        for (uint256 bundle = BUNDLE + 1; bundle < BUNDLE + 8; ++bundle) {
            assertEq(oracle.definition(bundle) != 0, _defined[bundle], "a bundle by nobody's will");
        }
        for (uint256 i; i < _times.length; ++i) {
            (IOracle.Status status, , ) = oracle.tryFixing(feed(), _times[i]);
            if (status == IOracle.Status.Void) assertTrue(_mayBeVoid[_times[i]], "voided by nobody");
        }
    }

    function checkLists() external view {
        address[] memory members = gate.members();
        assertGe(members.length, 4);
        uint256 expected;
        for (uint256 i; i < _persons.length; ++i) if (_isMember[_persons[i]]) ++expected;
        assertEq(members.length, expected, "members");
        for (uint256 i; i < members.length; ++i) assertTrue(_isMember[members[i]], "a member by nobody's will");
        address[] memory guardians = gate.guardians();
        for (uint256 i; i < guardians.length; ++i) assertTrue(_isGuardian[guardians[i]], "a guardian by nobody's will");
    }

    function checkOperations() external view {
        for (uint256 i = _known.length > 4 ? _known.length - 4 : 0; i < _known.length; ++i) {
            (address[] memory consents, , , bool executed) = gate.operation(_hash(i));
            assertEq(executed, _known[i].runs == 1, "executed");
            assertEq(consents.length, _consenting(i), "consents");
        }
    }
}

/// @dev Two-person integrity, whatever members, guardians and strangers do: nothing governed changes, and nobody joins
/// or leaves, but by two distinct members, in their window, after the delay, not cancelled, once. A guardian alone can
/// halt and nothing else.
contract TwoPersonGateInvariantsTest is Governed {
    Persons private persons;

    function setUp() external {
        persons = new Persons();
        bytes4[] memory doings = new bytes4[](10);
        doings[0] = Persons.wait.selector;
        doings[1] = Persons.record.selector;
        doings[2] = Persons.propose.selector;
        doings[3] = Persons.proposeAgain.selector;
        doings[4] = Persons.approve.selector;
        doings[5] = Persons.proposeAndApprove.selector;
        doings[6] = Persons.withdraw.selector;
        doings[7] = Persons.executeRecent.selector;
        doings[8] = Persons.haltAlone.selector;
        doings[9] = Persons.trespass.selector;
        targetContract(address(persons));
        targetSelector(address(persons), doings);
    }

    function invariant_nothingGovernedChangesByOnePerson() external view {
        persons.checkGoverned();
        persons.checkLists();
        persons.checkOperations();
    }

    /// @dev The random game is worth something only if operations of every kind do run in it.
    function test_theGameReachesEveryKindOfOperation() external {
        uint256[13] memory what = [uint256(0), 0, 0, 0, 0, 0, 0, 0, 4, 4, 7, 7, 0]; // eve joins and leaves, so does gus
        for (uint256 kind; kind < 13; ++kind) {
            persons.record(7);
            if (kind == uint256(Persons.Kind.Resume)) persons.haltAlone(6);
            persons.proposeAndApprove(0, 1, kind, what[kind]);
            if (kind > 5) persons.wait(5);
            bytes32 before = persons.print();
            persons.executeRecent(2);
            if (kind != uint256(Persons.Kind.Cancel)) assertNotEq(persons.print(), before);
            persons.wait(1);
        }
        persons.checkGoverned();
        persons.checkLists();
        persons.checkOperations();
    }
}
