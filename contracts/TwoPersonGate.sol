// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

import {AddressList} from "./AddressList.sol";
import {IOracle} from "./interfaces/IOracle.sol";
import {ITwoPersonGate} from "./interfaces/ITwoPersonGate.sol";

/// @title TwoPersonGate
/// @notice See ITwoPersonGate.
contract TwoPersonGate is ITwoPersonGate {
    using Address for address;
    using AddressList for address[];

    struct Operation {
        uint64 proposedAt; // 0: not open
        uint64 approvedAt; // when the second of the standing consents came
        uint64 delay; // as of approval
        bool executed;
        address[] consents;
    }

    uint256 private constant LEAST_MEMBERS = 4;
    uint256 private constant NEEDED = 2;
    uint256 private constant DELAY = 24 hours;
    uint256 private constant WINDOW = 24 hours; // for approving, and for executing
    uint256 private constant EMERGENCY_LEAD = 1 hours;
    uint256 private constant CONFIG_BYTES = 6 * 32; // what IOracle.config returns

    address[] private _members;
    address[] private _guardians;
    mapping(bytes32 hash => Operation) private _operations;

    modifier onlyMember() {
        if (!_members.contains(msg.sender)) revert NotMember(msg.sender);
        _;
    }

    modifier onlyGate() {
        if (msg.sender != address(this)) revert NotGate(msg.sender, address(this));
        _;
    }

    /// @param members_ At least four different persons.
    /// @param guardians_ Who may halt alone.
    constructor(address[] memory members_, address[] memory guardians_) {
        if (members_.length < LEAST_MEMBERS) revert TooFewMembers(members_.length, LEAST_MEMBERS);
        for (uint256 i; i < members_.length; ++i) _addMember(members_[i]);
        for (uint256 i; i < guardians_.length; ++i) _addGuardian(guardians_[i]);
    }

    // ---------------------------------------------------------------------------------------------- members

    /// @inheritdoc ITwoPersonGate
    function propose(address target, bytes calldata data, bytes32 salt) external onlyMember returns (bytes32 hash) {
        if (target.code.length == 0) revert NoCode(target);
        hash = hashOperation(target, data, salt);
        Operation storage op = _operations[hash];
        if (op.executed) revert AlreadyExecuted(hash);
        if (block.timestamp >= _lapsesAt(op)) {
            _close(op);
            op.proposedAt = uint64(block.timestamp);
            emit Proposed(hash, msg.sender, target, data, salt);
        }
        _consent(op, hash, target, data);
    }

    /// @inheritdoc ITwoPersonGate
    function approve(address target, bytes calldata data, bytes32 salt) external onlyMember returns (bytes32 hash) {
        hash = hashOperation(target, data, salt);
        Operation storage op = _operations[hash];
        if (op.executed) revert AlreadyExecuted(hash);
        if (block.timestamp >= _lapsesAt(op)) revert NotOpen(hash);
        _consent(op, hash, target, data);
    }

    /// @inheritdoc ITwoPersonGate
    function execute(
        address target,
        bytes calldata data,
        bytes32 salt
    ) external onlyMember returns (bytes memory result) {
        bytes32 hash = hashOperation(target, data, salt);
        Operation storage op = _operations[hash];
        if (op.executed) revert AlreadyExecuted(hash);
        uint256 standing = _standing(op);
        if (standing < NEEDED) revert NotApproved(hash, standing, NEEDED);
        if (block.timestamp >= _lapsesAt(op)) revert Lapsed(block.timestamp, _lapsesAt(op));
        // Asked again, because what was approved before an oracle had signers must not jump the delay afterwards.
        uint256 delay = delayOf(target, data);
        uint256 readyAt = op.approvedAt + (delay > op.delay ? delay : op.delay);
        if (block.timestamp < readyAt) revert TooEarly(block.timestamp, readyAt);
        op.executed = true;
        emit Executed(hash, msg.sender);
        result = target.functionCall(data);
    }

    /// @inheritdoc ITwoPersonGate
    function withdraw(bytes32 hash) external {
        Operation storage op = _operations[hash];
        if (op.executed) revert AlreadyExecuted(hash);
        if (!op.consents.remove(msg.sender)) revert NotConsented(hash, msg.sender);
        if (_standing(op) < NEEDED) op.approvedAt = 0;
        if (op.consents.length == 0) op.proposedAt = 0;
        emit Withdrawn(hash, msg.sender);
    }

    // ---------------------------------------------------------------------------------------------- guardians

    /// @inheritdoc ITwoPersonGate
    function halt(address oracle, uint256 bundle) external {
        if (!_guardians.contains(msg.sender)) revert NotGuardian(msg.sender);
        emit HaltedBy(msg.sender, oracle, bundle);
        IOracle(oracle).halt(bundle);
    }

    // ---------------------------------------------------------------------------------------------- by operation

    /// @inheritdoc ITwoPersonGate
    function cancel(bytes32 hash) external onlyGate {
        Operation storage op = _operations[hash];
        if (op.executed) revert AlreadyExecuted(hash);
        if (block.timestamp >= _lapsesAt(op)) revert NotOpen(hash);
        _close(op);
        emit Cancelled(hash);
    }

    /// @inheritdoc ITwoPersonGate
    function addMember(address member) external onlyGate {
        _addMember(member);
    }

    /// @inheritdoc ITwoPersonGate
    function removeMember(address member) external onlyGate {
        if (!_members.remove(member)) revert NotListed(member);
        if (_members.length < LEAST_MEMBERS) revert TooFewMembers(_members.length, LEAST_MEMBERS);
        emit MemberRemoved(member);
    }

    /// @inheritdoc ITwoPersonGate
    function addGuardian(address guardian) external onlyGate {
        _addGuardian(guardian);
    }

    /// @inheritdoc ITwoPersonGate
    function removeGuardian(address guardian) external onlyGate {
        if (!_guardians.remove(guardian)) revert NotListed(guardian);
        emit GuardianRemoved(guardian);
    }

    // ---------------------------------------------------------------------------------------------- anyone reads

    /// @inheritdoc ITwoPersonGate
    function delayOf(address target, bytes calldata data) public view returns (uint256) {
        bytes4 selector = bytes4(data);
        if (target == address(this)) return selector == this.cancel.selector ? 0 : DELAY;
        (bool governed, bool hasSigners) = _inspect(target);
        if (!governed) return DELAY;
        if (!hasSigners) return 0;
        if (selector == IOracle.voidFixing.selector || selector == IOracle.voidRoot.selector) return 0;
        if (selector == IOracle.halt.selector || selector == IOracle.resume.selector) return 0;
        return selector == IOracle.setSigners.selector && _isEmergency(data) ? 0 : DELAY;
    }

    /// @inheritdoc ITwoPersonGate
    function hashOperation(address target, bytes calldata data, bytes32 salt) public pure returns (bytes32) {
        return keccak256(abi.encode(target, data, salt));
    }

    /// @inheritdoc ITwoPersonGate
    function operation(bytes32 hash) external view returns (address[] memory, uint256, uint256, bool) {
        Operation storage op = _operations[hash];
        uint256 readyAt = _standing(op) < NEEDED ? 0 : op.approvedAt + op.delay;
        return (op.consents, readyAt, _lapsesAt(op), op.executed);
    }

    /// @inheritdoc ITwoPersonGate
    function members() external view returns (address[] memory) {
        return _members;
    }

    /// @inheritdoc ITwoPersonGate
    function guardians() external view returns (address[] memory) {
        return _guardians;
    }

    // ---------------------------------------------------------------------------------------------- inside

    function _consent(Operation storage op, bytes32 hash, address target, bytes calldata data) private {
        if (!op.consents.add(msg.sender)) revert AlreadyConsented(hash, msg.sender);
        uint256 standing = _standing(op);
        if (standing < NEEDED) return;
        if (standing == NEEDED) {
            op.approvedAt = uint64(block.timestamp);
            op.delay = uint64(delayOf(target, data));
        }
        emit Approved(hash, msg.sender, op.approvedAt + op.delay, _lapsesAt(op));
    }

    function _close(Operation storage op) private {
        delete op.consents;
        (op.proposedAt, op.approvedAt) = (0, 0);
    }

    /// @dev How many members stand behind an operation.
    function _standing(Operation storage op) private view returns (uint256 count) {
        for (uint256 i; i < op.consents.length; ++i) {
            if (_members.contains(op.consents[i])) ++count;
        }
    }

    /// @dev When an operation lapses; 0 where it is not open.
    function _lapsesAt(Operation storage op) private view returns (uint256) {
        if (op.proposedAt == 0) return 0;
        return _standing(op) < NEEDED ? op.proposedAt + WINDOW : op.approvedAt + op.delay + WINDOW;
    }

    /// @dev Whether `target` is an oracle of this gate, and whether it has signers. Others may answer anything.
    function _inspect(address target) private view returns (bool governed, bool hasSigners) {
        (bool ok, bytes memory result) = target.staticcall(abi.encodeCall(IOracle.config, ()));
        if (!ok || result.length != CONFIG_BYTES) return (false, false);
        (uint256 signers, , , , , uint256 governor) = abi.decode(
            result,
            (uint256, uint256, uint256, uint256, uint256, uint256)
        );
        return (governor == uint256(uint160(address(this))), signers != 0);
    }

    /// @dev setSigners(set, activeFrom, overlap): no overlap, and in force within the hour. The oracle itself refuses a
    /// time that has passed.
    function _isEmergency(bytes calldata data) private view returns (bool) {
        if (data.length < 100) return false;
        (, uint256 activeFrom, uint256 overlap) = abi.decode(data[4:100], (uint256, uint256, uint256));
        return overlap == 0 && activeFrom <= block.timestamp + EMERGENCY_LEAD;
    }

    function _addMember(address member) private {
        if (member == address(0)) revert ZeroAddress();
        if (!_members.add(member)) revert AlreadyListed(member);
        emit MemberAdded(member);
    }

    function _addGuardian(address guardian) private {
        if (guardian == address(0)) revert ZeroAddress();
        if (!_guardians.add(guardian)) revert AlreadyListed(guardian);
        emit GuardianAdded(guardian);
    }
}
