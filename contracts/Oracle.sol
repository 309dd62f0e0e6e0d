// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FeedId, ImpossibleFeed, VOID} from "./FeedId.sol";
import {RecordedLog} from "./RecordedLog.sol";
import {Part, ReportReader, WORD_BYTES} from "./ReportReader.sol";
import {SignedReports} from "./SignedReports.sol";
import {Words} from "./Words.sol";
import {IOracle} from "./interfaces/IOracle.sol";

/// @title Oracle
/// @notice See IOracle. Four prices and their time share a slot: time:32 | lane3:56 | lane2:56 | lane1:56 | lane0:56.
contract Oracle is SignedReports {
    using ReportReader for bytes;
    using Words for uint256[2 ** 30];

    int256 private constant NOT_A_NUMBER = type(int256).min;
    uint256 private constant NO_PRICES = 0x80000000000000_80000000000000_80000000000000_80000000000000;
    uint256 private constant VOIDS = 0x80000000000001_80000000000001_80000000000001_80000000000001;

    uint256 private constant PERIOD = 300;
    uint256 private constant RING = 8_192;
    uint256 private constant SPAN = RING * PERIOD; // 28.4 days
    uint256 private constant ROOTS = 105_120;
    uint256 private constant YEAR = ROOTS * PERIOD;
    uint256 private constant HALTED = type(uint32).max;
    uint256 private constant LONGEST_DISPUTE = 24 hours;
    uint256 private constant NO_BUNDLE = 2 ** 24; // where an error speaks of all bundles of a time

    uint256 private immutable DISPUTE;
    uint256 private immutable LATEST_DELAY;

    mapping(uint256 time => mapping(uint256 bundle => bool)) private _voided;
    uint256[ROOTS] private _roots; // since:32 | root:224; holds time t iff since >= t and now − t < YEAR; root 0: voided
    uint256[2 ** 30] private _latestWords; // observedAt:32 | lanes
    uint256[2 ** 30][RING] private _fixingWords; // since:32 | lanes; holds time t iff since >= t and now − t < SPAN

    /// @param governor The two-person gate.
    /// @param salt keccak256("nakane:<network>:<mode>").
    /// @param dispute Seconds (0 to 24 h) from keeping a root to its finality.
    /// @param latestDelay Seconds after which a report no longer becomes latest.
    constructor(address governor, bytes32 salt, uint256 dispute, uint256 latestDelay) SignedReports(governor, salt) {
        if (block.timestamp < YEAR) revert ClockNotSet(block.timestamp); // else fixing time 0 would be in the ring
        if (dispute > LONGEST_DISPUTE) revert DisputeTooLong(dispute, LONGEST_DISPUTE);
        (DISPUTE, LATEST_DELAY) = (dispute, latestDelay);
    }

    // ---------------------------------------------------------------------------------------------- anyone writes

    /// @inheritdoc IOracle
    function record(bytes calldata report) external {
        Part memory part;
        uint256 observedAt = _open(report, part);
        (uint256 since, bool kept) = _keepRoot(observedAt, part.root);
        uint256 log = RecordedLog.open(report.length);
        unchecked {
            bool fresh = block.timestamp - observedAt <= LATEST_DELAY; // observedAt is not in the future
            while (true) {
                bool wrote;
                if (fresh) wrote = _storeLatest(report, part, observedAt);
                if (since != 0) {
                    if (part.mask & 1 == 1 && _storeFixings(report, part, observedAt, since)) wrote = true;
                }
                if (wrote) RecordedLog.add(log, part.bundle);
                if (part.end == report.length) break;
                _next(report, part);
            }
        }
        if (kept || !RecordedLog.isEmpty(log)) RecordedLog.send(log, observedAt, part.root); // emits Recorded
    }

    /// @inheritdoc IOracle
    function recordFixing(uint256 time, bytes calldata part) external {
        (Part memory read, uint256 since) = _proven(time, part);
        if (block.timestamp - time >= SPAN) revert Expired(time, time + SPAN);
        if (_storeFixings(part, read, time, since)) emit FixingRecorded(time, read.bundle);
    }

    // ---------------------------------------------------------------------------------------------- anyone reads

    /// @inheritdoc IOracle
    function latest(FeedId feed) external view returns (int256 price, uint256 observedAt) {
        return _latest(feed);
    }

    /// @inheritdoc IOracle
    function latest(FeedId feed, uint256 maxAge) external view returns (int256 price, uint256 observedAt) {
        // Not _latest, which is not inlined: 25 gas.
        uint256 word = _latestWords.load(feed.word());
        price = feed.priceIn(word);
        observedAt = word >> 224;
        if (price <= VOID) _revertLatest(feed, observedAt);
        if (observedAt == 0) _revertLatest(feed, observedAt);
        unchecked {
            if (block.timestamp - observedAt > maxAge) revert StalePrice(observedAt, maxAge);
        }
    }

    /// @inheritdoc IOracle
    function tryLatest(FeedId feed) external view returns (bool ok, int256 price, uint256 observedAt) {
        uint256 word = _latestWords.load(feed.word());
        (price, observedAt) = (feed.priceIn(word), word >> 224);
        ok = observedAt != 0 && price > VOID;
        if (!ok) price = NOT_A_NUMBER;
        if (observedAt == HALTED) observedAt = 0;
    }

    /// @inheritdoc IOracle
    function latestOf(
        FeedId[] calldata feeds
    ) external view returns (int256[] memory prices, uint256[] memory observedAt) {
        prices = new int256[](feeds.length);
        observedAt = new uint256[](feeds.length);
        for (uint256 i; i < feeds.length; ++i) (prices[i], observedAt[i]) = _latest(feeds[i]);
    }

    /// @inheritdoc IOracle
    function fixing(FeedId feed, uint256 time) external view returns (int256 price) {
        uint256 word = _fixingWords[_slot(time, RING)].load(feed.word());
        uint256 since = word >> 224;
        price = feed.priceIn(word);
        unchecked {
            if (price <= VOID) _revertFixing(feed, time);
            if (since < time) _revertFixing(feed, time); // also a time in the future
            if (block.timestamp - time >= SPAN) _revertFixing(feed, time);
            if (block.timestamp - since < DISPUTE) _revertFixing(feed, time);
            if (time % PERIOD != 0) _revertFixing(feed, time);
        }
    }

    /// @inheritdoc IOracle
    function tryFixing(FeedId feed, uint256 time) public view returns (Status, int256, uint256) {
        if (time % PERIOD != 0) revert NotAFixingTime(time, PERIOD);
        uint256 index = feed.word();
        if (time > block.timestamp) return (Status.None, NOT_A_NUMBER, 0);
        if (block.timestamp - time < SPAN) {
            uint256 word = _fixingWords[_slot(time, RING)].load(index);
            uint256 since = word >> 224;
            if (since >= time) {
                int256 price = feed.priceIn(word);
                if (price == VOID) return (Status.Void, NOT_A_NUMBER, since);
                bool priced = price > VOID;
                if (!priced) price = NOT_A_NUMBER;
                if (block.timestamp < since + DISPUTE) return (Status.Provisional, price, since);
                return (priced ? Status.Final : Status.NoPrice, price, since);
            }
        }
        (uint256 keptSince, uint256 root) = _keptRoot(time);
        if (keptSince == 0) return (block.timestamp - time < YEAR ? Status.None : Status.Expired, NOT_A_NUMBER, 0);
        if (root == 0 || _voided[time][feed.bundle()]) return (Status.Void, NOT_A_NUMBER, keptSince);
        return (block.timestamp - time < SPAN ? Status.Unstored : Status.Expired, NOT_A_NUMBER, keptSince);
    }

    /// @inheritdoc IOracle
    function proveFixing(FeedId feed, uint256 time, bytes calldata part) external view returns (int256 price) {
        (Part memory read, uint256 since) = _proven(time, part);
        if (block.timestamp < since + DISPUTE) revert Provisional(time, since + DISPUTE);
        price = _priceIn(part, read, feed, time);
    }

    /// @inheritdoc IOracle
    function proveAbsent(
        uint256 time,
        uint256 bundle,
        bytes32[] calldata siblings
    ) external view returns (uint256 since) {
        uint256 root;
        (since, root) = _requireRoot(time, bundle);
        uint256 first;
        assembly ("memory-safe") {
            first := siblings.offset
        }
        bytes32 node = ReportReader.climb(0, bundle, first, siblings.length);
        if (_truncate(node) != root) revert RootMismatch(_truncate(node), root);
    }

    /// @inheritdoc IOracle
    function verify(
        bytes calldata report,
        FeedId feed,
        uint256 maxAge
    ) external view returns (int256 price, uint256 observedAt) {
        uint256 newest = _latestWords.load(feed.word()) >> 224;
        if (newest == HALTED) revert Halted(feed.bundle());
        (price, observedAt) = _verified(report, feed);
        if (block.timestamp - observedAt > maxAge) revert StalePrice(observedAt, maxAge);
        if (observedAt < newest) revert OlderThanLatest(observedAt, newest);
    }

    /// @inheritdoc IOracle
    function verifyAt(bytes calldata report, FeedId feed, uint256 time) external view returns (int256 price) {
        if (time % PERIOD == 0) revert UseFixing(time);
        uint256 observedAt;
        (price, observedAt) = _verified(report, feed);
        if (observedAt != time) revert WrongTime(observedAt, time);
    }

    /// @inheritdoc IOracle
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
        )
    {
        return (_signers, _retired, DISPUTE, LATEST_DELAY, DOMAIN, _governor);
    }

    // ---------------------------------------------------------------------------------------------- governor only

    /// @inheritdoc IOracle
    function halt(uint256 bundle) external onlyGovernor {
        _setLatest(bundle, HALTED);
        emit BundleHalted(bundle);
    }

    /// @inheritdoc IOracle
    function resume(uint256 bundle) external onlyGovernor {
        _wordsOf(bundle);
        if (_latestWords.load(bundle << 6) >> 224 != HALTED) revert NotHalted(bundle);
        _setLatest(bundle, block.timestamp);
        emit BundleResumed(bundle);
    }

    /// @inheritdoc IOracle
    function voidFixing(uint256 time, uint256 bundle) external onlyGovernor {
        uint256 since = _disputable(time, bundle);
        _voided[time][bundle] = true;
        _voidWords(time, bundle, since, false);
        emit FixingVoided(time, bundle);
    }

    /// @inheritdoc IOracle
    function voidRoot(uint256 time) external onlyGovernor {
        uint256 since = _disputable(time, NO_BUNDLE);
        emit RootVoided(time, uint224(_roots[_slot(time, ROOTS)]));
        _roots[_slot(time, ROOTS)] = since << 224;
        for (uint256 i; i < _bundles.length; ++i) _voidWords(time, _bundles[i], since, true);
    }

    // ---------------------------------------------------------------------------------------------- reading reports

    /// @dev The price of `feed` in a report, all of whose bytes are checked.
    function _verified(bytes calldata report, FeedId feed) private view returns (int256 price, uint256 observedAt) {
        Part memory part;
        observedAt = _open(report, part);
        while (part.bundle != feed.bundle() && part.end != report.length) _next(report, part);
        price = _priceIn(report, part, feed, observedAt);
        while (part.end != report.length) _next(report, part);
    }

    function _priceIn(
        bytes calldata data,
        Part memory part,
        FeedId feed,
        uint256 time
    ) private pure returns (int256 price) {
        if (part.bundle != feed.bundle()) revert NotInReport(feed.bundle());
        uint256 offset = part.wordsAt + (feed.position() >> 2) * WORD_BYTES;
        if (offset >= part.end) revert ImpossibleFeed(FeedId.unwrap(feed));
        price = feed.priceIn(data.lanes(offset));
        if (price <= VOID) revert NoPrice(FeedId.unwrap(feed), time);
    }

    // ---------------------------------------------------------------------------------------------- storing

    /// @dev Keeps the root of a fixing time. `since` 0: not a time whose fixings may be stored now.
    function _keepRoot(uint256 time, bytes32 root) private returns (uint256 since, bool kept) {
        if (time % PERIOD != 0) return (0, false);
        if (block.timestamp - time >= SPAN) return (0, false);
        uint256 slot = _slot(time, ROOTS);
        since = _roots[slot] >> 224;
        if (since < time) {
            _roots[slot] = (block.timestamp << 224) | _truncate(root);
            return (block.timestamp, true);
        }
        if (uint224(_roots[slot]) != _truncate(root)) {
            revert RootConflict(time, uint224(_roots[slot]), _truncate(root));
        }
    }

    function _storeLatest(bytes calldata report, Part memory part, uint256 observedAt) private returns (bool wrote) {
        unchecked {
            uint256 index = part.bundle << 6;
            uint256 offset = part.wordsAt;
            for (uint256 mask = part.mask >> 1; mask != 0; (mask >>= 1, ++index, offset += WORD_BYTES)) {
                if (mask & 1 == 0) continue;
                if (_latestWords.load(index) >> 224 >= observedAt) continue;
                _latestWords.store(index, observedAt, report.lanes(offset));
                wrote = true;
            }
        }
    }

    function _storeFixings(
        bytes calldata data,
        Part memory part,
        uint256 time,
        uint256 since
    ) private returns (bool wrote) {
        unchecked {
            uint256[2 ** 30] storage words = _fixingWords[_slot(time, RING)];
            uint256 index = part.bundle << 6;
            for (uint256 offset = part.wordsAt; offset != part.end; (++index, offset += WORD_BYTES)) {
                if (words.load(index) >> 224 >= time) continue;
                words.store(index, since, data.lanes(offset));
                wrote = true;
            }
        }
    }

    /// @dev Overwrites the fixings of a bundle, while the ring is still at that time.
    function _voidWords(uint256 time, uint256 bundle, uint256 since, bool onlyStored) private {
        if (block.timestamp - time >= SPAN) return;
        uint256[2 ** 30] storage words = _fixingWords[_slot(time, RING)];
        uint256 end = (bundle << 6) + _wordsOf(bundle);
        for (uint256 index = bundle << 6; index < end; ++index) {
            if (!onlyStored || words.load(index) >> 224 >= time) words.store(index, since, VOIDS);
        }
    }

    function _setLatest(uint256 bundle, uint256 time) private {
        uint256 end = (bundle << 6) + _wordsOf(bundle);
        for (uint256 index = bundle << 6; index < end; ++index) _latestWords.store(index, time, NO_PRICES);
    }

    // ---------------------------------------------------------------------------------------------- looking up

    function _latest(FeedId feed) private view returns (int256 price, uint256 observedAt) {
        uint256 word = _latestWords.load(feed.word());
        price = feed.priceIn(word);
        observedAt = word >> 224;
        if (price <= VOID) _revertLatest(feed, observedAt);
        if (observedAt == 0) _revertLatest(feed, observedAt);
    }

    function _revertLatest(FeedId feed, uint256 observedAt) private pure {
        if (observedAt == 0) revert NeverRecorded(FeedId.unwrap(feed));
        if (observedAt == HALTED) revert Halted(feed.bundle());
        revert NoPrice(FeedId.unwrap(feed), observedAt);
    }

    function _revertFixing(FeedId feed, uint256 time) private view {
        (Status status, , uint256 since) = tryFixing(feed, time);
        if (status == Status.None) revert NoFixing(feed.bundle(), time);
        if (status == Status.Unstored) revert Unstored(feed.bundle(), time);
        if (status == Status.Provisional) revert Provisional(time, since + DISPUTE);
        if (status == Status.NoPrice) revert NoPrice(FeedId.unwrap(feed), time);
        if (status == Status.Void) revert Voided(feed.bundle(), time);
        revert Expired(time, time + SPAN);
    }

    /// @dev The root kept for `time`: since 0 if none is, root 0 if it was voided.
    function _keptRoot(uint256 time) private view returns (uint256 since, uint256 root) {
        uint256 slot = _roots[_slot(time, ROOTS)];
        if (slot >> 224 < time || block.timestamp - time >= YEAR) return (0, 0);
        return (slot >> 224, uint224(slot));
    }

    /// @dev As _keptRoot, or an error where there is none or `bundle` is void.
    function _requireRoot(uint256 time, uint256 bundle) private view returns (uint256 since, uint256 root) {
        if (time % PERIOD != 0) revert NotAFixingTime(time, PERIOD);
        (since, root) = _keptRoot(time);
        if (since == 0) {
            if (time < block.timestamp && block.timestamp - time >= YEAR) revert Expired(time, time + YEAR);
            revert NoFixing(bundle, time);
        }
        if (root == 0 || _voided[time][bundle]) revert Voided(bundle, time);
    }

    function _disputable(uint256 time, uint256 bundle) private view returns (uint256 since) {
        (since, ) = _requireRoot(time, bundle);
        if (block.timestamp >= since + DISPUTE) revert AlreadyFinal(time, since + DISPUTE);
    }

    /// @dev Reads a part on its own and finds it under the kept root of `time`.
    function _proven(uint256 time, bytes calldata data) private view returns (Part memory part, uint256 since) {
        data.read(part, 0, definition);
        if (part.end != data.length) revert BadLength(data.length, part.end);
        uint256 root;
        (since, root) = _requireRoot(time, part.bundle);
        if (_truncate(part.root) != root) revert RootMismatch(_truncate(part.root), root);
    }

    function _slot(uint256 time, uint256 slots) private pure returns (uint256) {
        return (time / PERIOD) % slots;
    }

    function _truncate(bytes32 root) private pure returns (uint256) {
        return uint224(uint256(root));
    }
}
