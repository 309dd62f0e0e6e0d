// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ITwoPersonGate: nobody governs alone
/// @notice The gate governs one or more oracles. At least four *members* run it: one proposes an operation (a call of
/// a target), another approves the same operation, a member executes it. *Guardians*, who may be members too, close a
/// bundle's latest prices alone and at once; they can do nothing else.
///
/// What needs two members but no delay: `voidFixing`, `voidRoot`, `halt`, `resume` and an emergency rotation of the
/// signers, on an oracle that this gate governs; cancelling an operation; and anything on such an oracle as long as it
/// has no signers, since it has no prices to protect yet. An emergency rotation is `setSigners` without overlap and
/// with `activeFrom` at most an hour away: it cuts the old signers off and stops every report of theirs, so it cannot
/// go unnoticed. Everything else waits 24 hours from its approval: planned rotation, new bundles, members, guardians,
/// the governor, and every call that the gate does not know.
///
/// Nobody can stop the others: consents are counted, not ordered. Each member can withdraw only its own; an operation
/// with two others' consents goes on. Consents of removed members do not count.
/// @dev An operation is keccak256(abi.encode(target, data, salt)) and runs at most once, ever; a new salt makes it a new
/// operation. Times are Unix seconds; a time named `...At` is the first at which the thing is so. Assumption: members
/// are different persons with keys of their own. The gate takes no ether, is not upgradeable and has no owner.
interface ITwoPersonGate {
    // ------------------------------------------------------------------------------------------------ events

    /// @notice An operation was opened; `data` is what will be called on `target`.
    event Proposed(bytes32 indexed hash, address indexed member, address indexed target, bytes data, bytes32 salt);
    /// @notice Another member wants the operation too. It can run in [`readyAt`, `lapsesAt`).
    event Approved(bytes32 indexed hash, address indexed member, uint256 readyAt, uint256 lapsesAt);
    event Withdrawn(bytes32 indexed hash, address indexed member);
    event Cancelled(bytes32 indexed hash);
    event Executed(bytes32 indexed hash, address indexed member);
    /// @notice A guardian closed the latest prices of a bundle.
    event HaltedBy(address indexed guardian, address indexed oracle, uint256 indexed bundle);
    event MemberAdded(address indexed member);
    event MemberRemoved(address indexed member);
    event GuardianAdded(address indexed guardian);
    event GuardianRemoved(address indexed guardian);

    // ------------------------------------------------------------------------------------------------ errors

    error NotMember(address caller);
    error NotGuardian(address caller);
    /// @notice Only an operation can do this: propose it to the gate with the gate as target.
    error NotGate(address caller, address gate);
    /// @notice There must be `least` members at all times. Add the new one before removing the old.
    error TooFewMembers(uint256 given, uint256 least);
    /// @notice The address is a member (or guardian) already.
    error AlreadyListed(address account);
    error NotListed(address account);
    error ZeroAddress();
    /// @notice The target has no code: a wrong address, or a wrong chain.
    error NoCode(address target);
    /// @notice The operation ran. To do the same again, propose it with another salt.
    error AlreadyExecuted(bytes32 hash);
    /// @notice This member's consent is there already; another member must approve.
    error AlreadyConsented(bytes32 hash, address member);
    error NotConsented(bytes32 hash, address member);
    /// @notice No such operation is open: never proposed, lapsed, withdrawn or cancelled. Compare target, data and salt.
    error NotOpen(bytes32 hash);
    /// @notice `given` of `needed` members stand behind the operation.
    error NotApproved(bytes32 hash, uint256 given, uint256 needed);
    /// @notice The operation can run at `readyAt`.
    error TooEarly(uint256 now_, uint256 readyAt);
    /// @notice The operation could run until `lapsedAt`. Propose and approve it anew.
    error Lapsed(uint256 now_, uint256 lapsedAt);

    // ------------------------------------------------------------------------------------------------ members

    /// @notice Consents to an operation and opens it. It lapses if no other member approves it within 24 hours.
    /// @dev Where it is open already this approves it, so that nobody can get in the way by proposing it first.
    /// @param target The contract to call: the oracle, or the gate itself.
    /// @param data The call.
    /// @param salt Anything; tells equal calls apart.
    /// @return hash What the others approve.
    function propose(address target, bytes calldata data, bytes32 salt) external returns (bytes32 hash);

    /// @notice Consents to an open operation. The second consent approves it: it can run after its delay, for 24 hours.
    /// A third one keeps it approved if one of the first two is withdrawn, and changes no time.
    /// @dev Takes the whole operation instead of its hash: who approves must know what.
    function approve(address target, bytes calldata data, bytes32 salt) external returns (bytes32 hash);

    /// @notice Runs an approved operation, once; reverts with the target's own error where the target does.
    /// @return result What the target returned.
    function execute(address target, bytes calldata data, bytes32 salt) external returns (bytes memory result);

    /// @notice Takes back one's own consent before the operation runs.
    function withdraw(bytes32 hash) external;

    // ------------------------------------------------------------------------------------------------ guardians

    /// @notice Closes the latest prices of a bundle at once. Fixings go on. Opening it again (`resume`) takes two
    /// members.
    function halt(address oracle, uint256 bundle) external;

    // ------------------------------------------------------------------------------------------------ by operation

    /// @notice Closes an open operation. Without delay: two members can stop what two others approved.
    function cancel(bytes32 hash) external;

    function addMember(address member) external;
    function removeMember(address member) external;
    function addGuardian(address guardian) external;
    function removeGuardian(address guardian) external;

    // ------------------------------------------------------------------------------------------------ anyone reads

    /// @notice Seconds between approval and execution, as of now: 0 or 24 hours.
    function delayOf(address target, bytes calldata data) external view returns (uint256);

    function hashOperation(address target, bytes calldata data, bytes32 salt) external pure returns (bytes32);

    /// @return consents Who consented, members and those removed since.
    /// @return readyAt When it can run, 0 where it is not approved. (What was approved while its oracle had no signers
    /// cannot run once it has some.)
    /// @return lapsesAt When it lapses, or has lapsed; 0 where it is not open.
    /// @return executed Whether it ran.
    function operation(
        bytes32 hash
    ) external view returns (address[] memory consents, uint256 readyAt, uint256 lapsesAt, bool executed);

    function members() external view returns (address[] memory);
    function guardians() external view returns (address[] memory);
}
