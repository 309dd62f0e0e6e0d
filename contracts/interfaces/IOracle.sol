// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FeedId} from "../FeedId.sol";

/// @title IOracle: signed prices of one data house, as the latest price and as fixings
/// @notice Prices come in *reports*: the prices of all bundles at one `observedAt`, under one Merkle root, signed once
/// by a quorum of signers. Anyone may bring a report; the signatures carry the authority. A price is an `int256` in the
/// decimals of its feed, between −2^55 + 2 and 2^55 − 1; zero and negative numbers are prices. No function returns a
/// number in place of a price: without a price it reverts, or says so beside the value `NOT_A_NUMBER`
/// (`type(int256).min`), which overflows in whatever is computed from it.
/// @dev Times are Unix seconds. A *fixing time* is a multiple of 300 s. Assumptions: `block.timestamp` does not fall;
/// at most f = ⌊(n−1)/3⌋ of n signers are dishonest (above that, a price needs an honest signer's agreement, and a
/// fixing can be voided by two persons before it is final); keccak256 truncated to 192 bits (signer sets) and to 224
/// bits (roots) has no second preimages.
interface IOracle {
    /// @notice What is known of a fixing. None: no root is kept for that time. Unstored: the root of the time is kept
    /// but not this price: bring its part to `recordFixing`, or prove it. Provisional: in its dispute window.
    /// Final: for ever. NoPrice: final, and the signers had no price. Void: withdrawn by two persons, for ever.
    /// Expired: older than the span in which fixings stay readable; `proveFixing` answers while the root is kept.
    enum Status {
        None,
        Unstored,
        Provisional,
        Final,
        NoPrice,
        Void,
        Expired
    }

    // ------------------------------------------------------------------------------------------------ events

    /// @notice A report changed something. `bundles` lists, 3 bytes each, the bundles of which a latest word or a
    /// fixing was stored; it is empty where the report only had its root kept.
    event Recorded(uint256 indexed observedAt, bytes32 root, bytes bundles);
    /// @notice Fixings of bundle `bundle` at `time` were stored from the kept root, without signatures.
    event FixingRecorded(uint256 indexed time, uint256 indexed bundle);
    /// @notice The signers of `set` are in force for `observedAt >= activeFrom`; the set before them is accepted for
    /// its own times while `block.timestamp < until`.
    event SignersSet(uint256 indexed activeFrom, uint256 until, bytes set);
    /// @notice Bundle `bundle` exists from now on, as given, for ever.
    event BundleDefined(
        uint256 indexed bundle,
        bytes32 definition,
        string[] symbols,
        uint8[] decimals,
        bytes32[] methods,
        uint32[] maxInputAge
    );
    event BundleHalted(uint256 indexed bundle);
    event BundleResumed(uint256 indexed bundle);
    /// @notice The fixings of bundle `bundle` at `time` are void for ever.
    event FixingVoided(uint256 indexed time, uint256 indexed bundle);
    /// @notice All fixings of `time` are void for ever. `root`: the 224 bits that were kept.
    event RootVoided(uint256 indexed time, uint256 root);
    event GovernorSet(address indexed governor);

    // ------------------------------------------------------------------------------------------------ errors: reading

    /// @notice No report with this feed was ever recorded as latest.
    error NeverRecorded(uint256 feed);
    /// @notice The signers had no price of this feed at this time. Try again with the next report.
    error NoPrice(uint256 feed, uint256 observedAt);
    /// @notice The bundle is closed to latest prices; fixings are not affected.
    error Halted(uint256 bundle);
    /// @notice The newest price is of `observedAt`, more than `maxAge` seconds ago.
    error StalePrice(uint256 observedAt, uint256 maxAge);
    /// @notice Fixings exist at multiples of `period` only.
    error NotAFixingTime(uint256 time, uint256 period);
    /// @notice No root is kept for `time` (not yet, or never recorded).
    error NoFixing(uint256 bundle, uint256 time);
    /// @notice The root of `time` is kept, this price is not stored: bring its part to `recordFixing` or `proveFixing`.
    error Unstored(uint256 bundle, uint256 time);
    /// @notice The fixing can still be voided; it is final from `finalAt` on.
    error Provisional(uint256 time, uint256 finalAt);
    error Voided(uint256 bundle, uint256 time);
    /// @notice Too old to be read (28.4 days) or proven (a year): it was kept until `until`.
    error Expired(uint256 time, uint256 until);
    /// @notice `verifyAt` is for times between fixings: at a fixing time there is one price for all, `fixing`.
    error UseFixing(uint256 time);
    /// @notice The report is of another time than the one asked for.
    error WrongTime(uint256 given, uint256 expected);
    /// @notice The report (or part) holds other bundles, not the feed's.
    error NotInReport(uint256 bundle);
    /// @notice A newer price is on chain already.
    error OlderThanLatest(uint256 observedAt, uint256 latest);

    // ------------------------------------------------------------------------------------------------ errors: reports

    error FutureReport(uint256 observedAt, uint256 now_);
    /// @notice No signer set is in force for this time any more (or yet).
    error NoSetInForce(uint256 observedAt);
    /// @notice The report's signer set is not the one in force at its time (both as 192-bit hashes).
    error UnknownSigners(uint256 given, uint256 expected);
    /// @notice The `index`-th signature (counted from 0) is out of order, malleable or not its signer's.
    error BadSignature(uint256 index);
    /// @notice The part at byte `offset` is cut short.
    error BadPart(uint256 offset);
    /// @notice The mask names words that the bundle does not have.
    error BadMask(uint256 bundle, uint256 mask);
    /// @notice Bundles must come in ascending order.
    error BundleOrder(uint256 previous, uint256 given);
    /// @notice This bundle was never defined.
    error UnknownBundle(uint256 bundle);
    /// @notice A part leads to another root than the first part, or than the kept root (224 bits of it).
    error RootMismatch(uint256 given, uint256 expected);
    /// @notice Another root is kept for this fixing time (0: it was voided). One time, one root.
    error RootConflict(uint256 time, uint256 kept, uint256 given);
    /// @notice Bytes are missing or left over.
    error BadLength(uint256 given, uint256 expected);

    // ------------------------------------------------------------------------------------------------ errors: governing

    error NotGovernor(address caller, address governor);
    error ZeroGovernor();
    /// @notice A quorum of `q` of `n` is too small for n signers of which ⌊(n−1)/3⌋ may lie (2q > n + ⌊(n−1)/3⌋), or
    /// too large.
    error BadQuorum(uint256 q, uint256 n);
    /// @notice Signer addresses must be non-zero and ascending.
    error SignerOrder(address previous, address given);
    /// @notice The time is in the past, or past what 32 bits hold.
    error BadActiveFrom(uint256 activeFrom, uint256 now_);
    error OverlapTooLong(uint256 overlap, uint256 longest);
    /// @notice The chain's clock stands less than a year after 1970.
    error ClockNotSet(uint256 now_);
    error DisputeTooLong(uint256 dispute, uint256 longest);
    error BundleExists(uint256 bundle);
    /// @notice A bundle has a number below 2^24, 1 to 256 feeds, and as many decimals, methods and ages as symbols.
    error BadBundle(uint256 bundle, uint256 feeds);
    error NotHalted(uint256 bundle);
    /// @notice The fixings of `time` are final since `finalAt`.
    error AlreadyFinal(uint256 time, uint256 finalAt);

    // ------------------------------------------------------------------------------------------------ anyone writes

    /// @notice Takes a report. Its words become the latest ones where they are newer and the report is not older than
    /// the latest-delay; at a fixing time (within 28.4 days of it) its root is kept and its fixings are stored, unless
    /// that time has them already. Older and repeated reports change nothing and do not revert.
    /// @param report observedAt:4 q:1 n:1 address:20·n (index:1 r:32 vs:32)·q, then one or more parts in ascending
    /// order of bundles: bundle:3 mask:⌈(words+1)/8⌉ depth:1 sibling:32·depth (bottom first) word:28·words.
    /// Bit 0 of the mask: store the fixings; bit 1+w: store word w as latest. A word: lane3:7 lane2:7 lane1:7 lane0:7.
    function record(bytes calldata report) external;

    /// @notice Stores the fixings of one bundle at `time` without signatures: the kept root vouches for them.
    /// Changes nothing where they are stored already.
    /// @param part As in a report; its mask is ignored.
    function recordFixing(uint256 time, bytes calldata part) external;

    // ------------------------------------------------------------------------------------------------ anyone reads

    /// @notice The newest price on chain, of whatever age: look at `observedAt`. The oldest input of the price is at
    /// most the feed's `maxInputAge` older than `observedAt`.
    function latest(FeedId feed) external view returns (int256 price, uint256 observedAt);

    /// @notice The newest price, if it is at most `maxAge` seconds old.
    function latest(FeedId feed, uint256 maxAge) external view returns (int256 price, uint256 observedAt);

    /// @notice As `latest`, without reverting for a possible feed: `ok` is false where there is no price; then `price`
    /// is `type(int256).min` and `observedAt` the time of the word without a price, 0 when there is none.
    function tryLatest(FeedId feed) external view returns (bool ok, int256 price, uint256 observedAt);

    /// @notice `latest` for several feeds; reverts if one of them has none.
    function latestOf(
        FeedId[] calldata feeds
    ) external view returns (int256[] memory prices, uint256[] memory observedAt);

    /// @notice The final fixing at `time`; reverts with the error of its status otherwise.
    function fixing(FeedId feed, uint256 time) external view returns (int256 price);

    /// @notice The status of a fixing; `price` for Final, and for Provisional where there is one, else
    /// `type(int256).min`; `since`, the block time at which the root of the time was kept, 0 if none is. It is final at
    /// `since` + the dispute window, one number for all feeds of the time. Reverts only for an impossible feed or a time
    /// that is no fixing time.
    function tryFixing(FeedId feed, uint256 time) external view returns (Status status, int256 price, uint256 since);

    /// @notice A final fixing, from its part of the report, whose root is kept for a year.
    function proveFixing(FeedId feed, uint256 time, bytes calldata part) external view returns (int256 price);

    /// @notice Proves that the report of `time` did not hold `bundle` (its market was closed).
    /// @param siblings From the empty place upward.
    /// @return since As in `tryFixing`; the proof is final at `since` + the dispute window.
    function proveAbsent(
        uint256 time,
        uint256 bundle,
        bytes32[] calldata siblings
    ) external view returns (uint256 since);

    /// @notice The price in a report that the caller brings, without storing it: not older than `maxAge` seconds, nor
    /// than the latest price, nor of a halted bundle.
    function verify(
        bytes calldata report,
        FeedId feed,
        uint256 maxAge
    ) external view returns (int256 price, uint256 observedAt);

    /// @notice The price in a report of exactly `time`, a tick that the consumer fixed before it was known.
    function verifyAt(bytes calldata report, FeedId feed, uint256 time) external view returns (int256 price);

    // ------------------------------------------------------------------------------------------------ governor only

    /// @notice Puts a signer set in force for reports with `observedAt >= activeFrom`. The set in force until then is
    /// accepted for its own times until `activeFrom + overlap`. A set that is not active yet is replaced; an overlap
    /// that is still running ends.
    /// @param set q:1 n:1 address:20·n, addresses ascending.
    /// @param overlap At most 28.4 days; 0 for a set whose keys are no longer trusted.
    function setSigners(bytes calldata set, uint256 activeFrom, uint256 overlap) external;

    /// @notice Defines a bundle, once and for ever: new feeds go into a new bundle.
    /// @param symbols E.g. "BTC/JPY".
    /// @param decimals Scale of each price: price = value · 10^−decimals.
    /// @param methods keccak256 of each feed's method text.
    /// @param maxInputAge Seconds by which an input may be older than `observedAt`.
    function defineBundle(
        uint256 bundle,
        string[] calldata symbols,
        uint8[] calldata decimals,
        bytes32[] calldata methods,
        uint32[] calldata maxInputAge
    ) external;

    /// @notice Closes a bundle's latest prices. Fixings go on.
    function halt(uint256 bundle) external;

    /// @notice Opens a halted bundle. Nothing observed before this moment becomes latest.
    function resume(uint256 bundle) external;

    /// @notice Withdraws the fixings of a bundle at `time` for ever, before they are final, stored or not.
    function voidFixing(uint256 time, uint256 bundle) external;

    /// @notice Withdraws all fixings of `time` for ever, before they are final: a root that cannot be reproduced.
    function voidRoot(uint256 time) external;

    function setGovernor(address next) external;

    // ------------------------------------------------------------------------------------------------ parameters

    /// @notice The hash of a bundle's definition (its last byte is the number of feeds − 1); 0: not defined.
    function definition(uint256 bundle) external view returns (bytes32);

    /// @return signers activeFrom:32 | 0:32 | hash:192
    /// @return retired until:32 | activeFrom:32 | hash:192
    /// @return dispute Seconds from keeping a root to its finality.
    /// @return latestDelay A report older than this many seconds does not become latest.
    /// @return domain The EIP-712 domain separator.
    /// @return governor The two-person gate.
    function config()
        external
        view
        returns (
            uint256 signers,
            uint256 retired,
            uint256 dispute,
            uint256 latestDelay,
            bytes32 domain,
            address governor
        );
}
