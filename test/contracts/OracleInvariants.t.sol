// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FeedId, feedId} from "../../contracts/FeedId.sol";
import {IOracle} from "../../contracts/interfaces/IOracle.sol";
import {OracleTest} from "./utils/OracleTest.sol";
import {Choice, Prices, Signers} from "./utils/Reports.sol";
import {vm} from "./utils/Test.sol";

/// @dev Everyone who can touch an oracle, with what they know and hold: strangers who relay honest reports in any
/// order and shape, one dishonest signer of four, signers who have retired and lie, the gate. After each step it
/// compares the oracle with what it remembers, so that a broken invariant is found at the step that broke it.
contract Everyone is OracleTest {
    uint256 private constant TIMES = 12; // fixing times at play: START to START + 11 periods

    struct Memory {
        uint256 since; // when the root was kept, 0 if it is not
        bool rootVoided;
        bool[3] voided; // by bundle
        bool[3] stored;
    }

    Signers private _retired;
    mapping(uint256 time => Memory) private _fixings;
    uint256[3] private _newest; // latest time by bundle, 0 if none or halted
    bool[3] private _halted;
    uint256[3] private _resumedAt;
    uint256 private _rotatedAt;

    constructor() {
        setUp();
    }

    // ---------------------------------------------------------------------------------------------- the honest market

    /// @dev Honest signers see one price for each feed and time, now and then none; bundle 3 closes for some times.
    function honest(uint256 time) internal view returns (Prices memory p) {
        p = pricesAt(time);
        for (uint256 i; i < 3; ++i) {
            for (uint256 j; j < p.prices[i].length; ++j) if (_missing(time, i, j)) p.prices[i][j] = NO_PRICE_LANE;
        }
        if (_closed(time)) p.prices[1] = new int256[](0);
    }

    function _missing(uint256 time, uint256 which, uint256 position) private pure returns (bool) {
        return uint256(keccak256(abi.encode("missing", time, which, position))) % 7 == 0;
    }

    function _closed(uint256 time) private pure returns (bool) {
        return uint256(keccak256(abi.encode("closed", time))) % 3 == 0;
    }

    function _signersAt(uint256 time) private view returns (Signers memory) {
        return _rotatedAt == 0 || time >= _rotatedAt ? signers : _retired;
    }

    // ---------------------------------------------------------------------------------------------- strangers

    function wait(uint256 seconds_) external {
        skip(bound(seconds_, 1, 900));
    }

    /// @dev Any honest report of the present or the past, any of its bundles, any mask.
    function relay(uint256 age, uint256 dice, bool fixingTime) external {
        uint256 time = now_() - bound(age, 0, 4000);
        if (fixingTime) time -= time % PERIOD;
        if (time < START) time = START;
        Prices memory p = honest(time);
        Choice[] memory whole = wholeChoices(bundles, p.prices);
        Choice[] memory choices = new Choice[](1 + (dice % whole.length));
        for (uint256 i; i < choices.length; ++i) {
            choices[i] = whole[whole.length - choices.length + i];
            choices[i].mask &= dice >> (8 + 8 * i);
        }
        Signers memory s = _signersAt(time);
        bytes memory report_ = report(s, bundles, p, choices);
        (bool ok, bytes memory error_) = address(oracle).call(abi.encodeCall(oracle.record, (report_)));
        Memory storage fixing = _fixings[time];
        if (time < _rotatedAt && now_() >= _rotatedAt + PERIOD) {
            assertEq(error_, abi.encodeWithSelector(IOracle.NoSetInForce.selector, time), "retired");
            return;
        }
        if (fixing.rootVoided && time % PERIOD == 0) {
            uint256 root = uint224(uint256(rootOf(bundles, p.prices)));
            assertEq(error_, abi.encodeWithSelector(IOracle.RootConflict.selector, time, 0, root), "voided root");
            return;
        }
        assertTrue(ok, "a valid report is never refused");
        _remember(time, choices);
    }

    function _remember(uint256 time, Choice[] memory choices) private {
        Memory storage fixing = _fixings[time];
        if (time % PERIOD == 0 && fixing.since == 0) fixing.since = now_();
        for (uint256 i; i < choices.length; ++i) {
            uint256 which = choices[i].which;
            if (time % PERIOD == 0 && choices[i].mask & 1 == 1) fixing.stored[which] = true;
            bool fresh = now_() - time <= LATEST_DELAY && choices[i].mask & 2 == 2;
            if (fresh && !_halted[which] && time > _newest[which]) _newest[which] = time;
        }
    }

    /// @dev A part without signatures, at any time.
    function bring(uint256 age, uint256 which) external {
        uint256 time = _pick(age);
        which = bound(which, 0, 2);
        Prices memory p = honest(time);
        if (p.prices[which].length == 0) return;
        bytes memory part_ = part(bundles, p.prices, Choice(which, 0));
        (bool ok, ) = address(oracle).call(abi.encodeCall(oracle.recordFixing, (time, part_)));
        Memory storage fixing = _fixings[time];
        assertEq(ok, fixing.since != 0 && !fixing.rootVoided && !fixing.voided[which], "bring");
        if (ok) fixing.stored[which] = true;
    }

    /// @dev A part that lies about one price: no root vouches for it.
    function bringLies(uint256 age, uint256 which, int256 lie) external {
        uint256 time = _pick(age);
        which = bound(which, 0, 2);
        Prices memory p = honest(time);
        if (p.prices[which].length == 0) return;
        lie = bound(lie, int256(type(int56).min) + 2, type(int56).max);
        if (lie == p.prices[which][0]) return;
        p.prices[which][0] = lie;
        bytes memory part_ = part(bundles, p.prices, Choice(which, 0));
        (bool ok, ) = address(oracle).call(abi.encodeCall(oracle.recordFixing, (time, part_)));
        assertFalse(ok, "a lie was stored");
        (ok, ) = address(oracle).call(
            abi.encodeCall(oracle.proveFixing, (feedId(bundles[which].number, 0), time, part_))
        );
        assertFalse(ok, "a lie was proven");
    }

    // ---------------------------------------------------------------------------------------------- bad signers

    /// @dev One signer of four lies, alone, twice, or with the honest signatures of another root.
    function lieAlone(uint256 liar, uint256 shape, bool fixingTime) external {
        uint256 time = now_();
        if (fixingTime) time -= time % PERIOD;
        liar = bound(liar, 0, 3);
        Prices memory truth = honest(time);
        Prices memory lie = honest(time);
        lie.prices[0][0] = priceAt(time, 99, 0);
        bytes32 lieRoot = rootOf(bundles, lie.prices);
        bytes32 trueRoot = rootOf(bundles, truth.prices);
        bytes memory signed;
        for (uint256 i; i < 3; ++i) {
            uint256 index = shape % 2 == 0 ? liar : i;
            signed = bytes.concat(signed, signature(signers, index, time, index == liar ? lieRoot : trueRoot));
        }
        bytes memory report_ = abi.encodePacked(
            uint32(time),
            setBytes(signers),
            signed,
            parts(bundles, lie.prices, wholeChoices(bundles, lie.prices))
        );
        (bool ok, ) = address(oracle).call(abi.encodeCall(oracle.record, (report_)));
        assertFalse(ok, "one signer made a price");
    }

    /// @dev A quorum of retired keys, for times that are not theirs or when their overlap is over.
    function lieRetired(uint256 age) external {
        if (_rotatedAt == 0) return;
        uint256 time = now_() - bound(age, 0, 2000);
        if (time < _rotatedAt && now_() < _rotatedAt + PERIOD) return; // still theirs: assumed honest until then
        Prices memory lie = pricesAt(time + 1);
        lie.observedAt = time;
        bytes memory report_ = wholeReport(_retired, bundles, lie);
        (bool ok, ) = address(oracle).call(abi.encodeCall(oracle.record, (report_)));
        assertFalse(ok, "retired keys made a price");
    }

    // ---------------------------------------------------------------------------------------------- the gate

    function halt(uint256 which) external {
        which = bound(which, 0, 2);
        bytes32 before = _statuses();
        oracle.halt(bundles[which].number);
        (_halted[which], _newest[which]) = (true, 0);
        assertEq(_statuses(), before, "halting changed a fixing");
    }

    function resume(uint256 which) external {
        which = bound(which, 0, 2);
        if (!_halted[which]) return;
        oracle.resume(bundles[which].number);
        (_halted[which], _newest[which], _resumedAt[which]) = (false, now_(), now_());
    }

    function voidFixing(uint256 age, uint256 which) external {
        uint256 time = _pick(age);
        which = bound(which, 0, 2);
        Memory storage fixing = _fixings[time];
        bool may = fixing.since != 0 && !fixing.rootVoided && !fixing.voided[which] && now_() < fixing.since + DISPUTE;
        (bool ok, ) = address(oracle).call(abi.encodeCall(oracle.voidFixing, (time, bundles[which].number)));
        assertEq(ok, may, "voidFixing");
        if (ok) fixing.voided[which] = true;
    }

    function voidRoot(uint256 age) external {
        uint256 time = _pick(age);
        Memory storage fixing = _fixings[time];
        bool may = fixing.since != 0 && !fixing.rootVoided && now_() < fixing.since + DISPUTE;
        (bool ok, ) = address(oracle).call(abi.encodeCall(oracle.voidRoot, (time)));
        assertEq(ok, may, "voidRoot");
        if (ok) fixing.rootVoided = true;
    }

    function rotate(uint256 seed) external {
        if (_rotatedAt != 0 || seed % 4 != 0) return;
        (_retired, _rotatedAt) = (signers, now_());
        signers = makeSigners("next", 4);
        oracle.setSigners(setBytes(signers), now_(), PERIOD);
    }

    // ---------------------------------------------------------------------------------------------- invariants

    /// @dev 1, 2, 3, 4, 5, 9: every fixing of every time is what it should be, stored or proven.
    function checkFixings() external view {
        for (uint256 time = START; time < START + TIMES * PERIOD && time <= now_(); time += PERIOD) {
            Memory storage fixing = _fixings[time];
            Prices memory p = honest(time);
            for (uint256 which; which < 3; ++which) {
                FeedId feed = feedId(bundles[which].number, bundles[which].feeds - 1);
                (IOracle.Status status, int256 price, uint256 since) = oracle.tryFixing(feed, time);
                assertEq(since, fixing.since, "since is one number for the time");
                bool open = p.prices[which].length != 0;
                int256 truth = open ? p.prices[which][bundles[which].feeds - 1] : NO_PRICE_LANE;
                bool priced = truth != NO_PRICE_LANE;
                bool final_ = now_() >= fixing.since + DISPUTE;
                IOracle.Status expected = IOracle.Status.None;
                if (fixing.since != 0) {
                    expected = IOracle.Status.Unstored;
                    if (fixing.stored[which]) {
                        expected = IOracle.Status.Provisional;
                        if (final_) expected = priced ? IOracle.Status.Final : IOracle.Status.NoPrice;
                    }
                    if (fixing.rootVoided || fixing.voided[which]) expected = IOracle.Status.Void;
                }
                assertEq(uint256(status), uint256(expected), "status");
                bool readable = expected == IOracle.Status.Final || expected == IOracle.Status.Provisional;
                assertEq(price, readable && priced ? truth : type(int256).min, "price");
                _checkReads(feed, time, which, expected, truth);
                if (open) _checkProof(feed, time, which, p, expected == IOracle.Status.Void);
                else _checkAbsence(time, which, p, expected == IOracle.Status.Void);
            }
        }
    }

    function _checkReads(FeedId feed, uint256 time, uint256, IOracle.Status expected, int256 truth) private view {
        try oracle.fixing(feed, time) returns (int256 price) {
            assertEq(uint256(expected), uint256(IOracle.Status.Final), "fixing answers for final ones only");
            assertEq(price, truth, "fixing");
        } catch {
            assertTrue(expected != IOracle.Status.Final, "fixing of a final one");
        }
    }

    function _checkProof(FeedId feed, uint256 time, uint256 which, Prices memory p, bool voided) private view {
        Memory storage fixing = _fixings[time];
        int256 truth = p.prices[which][bundles[which].feeds - 1];
        bool provable = fixing.since != 0 && !voided && truth != NO_PRICE_LANE && now_() >= fixing.since + DISPUTE;
        try oracle.proveFixing(feed, time, part(bundles, p.prices, Choice(which, 0))) returns (int256 price) {
            assertTrue(provable, "proven, but not provable");
            assertEq(price, truth, "proven");
        } catch {
            assertFalse(provable, "provable, but not proven");
        }
        try oracle.proveAbsent(time, bundles[which].number, proofOf(bundles, p.prices, which)) {
            assertTrue(false, "provable and provably absent");
        } catch {}
    }

    function _checkAbsence(uint256 time, uint256 which, Prices memory p, bool voided) private view {
        bool provable = _fixings[time].since != 0 && !voided;
        try oracle.proveAbsent(time, bundles[which].number, proofOf(bundles, p.prices, which)) returns (uint256 since) {
            assertTrue(provable, "absence of what was never recorded");
            assertEq(since, _fixings[time].since);
        } catch {
            assertFalse(provable, "absent, but not provably");
        }
    }

    /// @dev 1, 6, 9: every latest price is the newest honest one that could become latest.
    function checkLatest() external view {
        for (uint256 which; which < 3; ++which) {
            (bool ok, int256 price, uint256 observedAt) = oracle.tryLatest(feedId(bundles[which].number, 0));
            uint256 time = _newest[which];
            assertEq(observedAt, time, "latest time");
            int256 truth = NO_PRICE_LANE;
            if (time != 0 && time != _resumedAt[which] && !(_closed(time) && which == 1)) {
                truth = honest(time).prices[which][0];
            }
            assertEq(ok, truth != NO_PRICE_LANE, "latest");
            assertEq(price, ok ? truth : type(int256).min, "latest price");
        }
    }

    /// @dev 8: whatever happened, an honest record of a time still stores all of it (undone after the check).
    function checkLaterRecords() external {
        uint256 time = now_() - (now_() % PERIOD);
        if (_fixings[time].rootVoided) return;
        if (time < _rotatedAt && now_() >= _rotatedAt + PERIOD) return;
        uint256 id = vm.snapshotState();
        Prices memory p = honest(time);
        oracle.record(wholeReport(_signersAt(time), bundles, p));
        for (uint256 which; which < 3; ++which) {
            if (p.prices[which].length == 0) continue;
            (IOracle.Status status, , ) = oracle.tryFixing(feedId(bundles[which].number, 0), time);
            assertTrue(status != IOracle.Status.None && status != IOracle.Status.Unstored, "an honest record was lost");
        }
        assertTrue(vm.revertToState(id));
    }

    /// @dev 9: bundles that nobody defined, and feeds behind the last, stay without a number.
    function checkUntouched() external view {
        uint256[4] memory strangers = [uint256(1), 2, 5, 2 ** 24 - 1];
        for (uint256 i; i < 4; ++i) {
            for (uint256 j; j < 2; ++j) {
                FeedId feed = feedId(strangers[i], 255 * j);
                (bool ok, int256 price, uint256 observedAt) = oracle.tryLatest(feed);
                assertTrue(!ok && price == type(int256).min && observedAt == 0, "latest of nobody's feed");
                (IOracle.Status status, int256 fixed_, ) = oracle.tryFixing(feed, START);
                assertTrue(fixed_ == type(int256).min, "fixing of nobody's feed");
                assertTrue(status != IOracle.Status.Final && status != IOracle.Status.Provisional);
            }
        }
    }

    function _statuses() private view returns (bytes32 all) {
        for (uint256 time = START; time < START + TIMES * PERIOD; time += PERIOD) {
            for (uint256 which; which < 3; ++which) {
                (IOracle.Status status, int256 price, ) = oracle.tryFixing(feedId(bundles[which].number, 0), time);
                all = keccak256(abi.encode(all, status, price));
            }
        }
    }

    /// @dev A fixing time at play that is not in the future.
    function _pick(uint256 age) private view returns (uint256) {
        uint256 last = (now_() - START) / PERIOD;
        return START + PERIOD * bound(age, 0, last < TIMES ? last : TIMES);
    }
}

/// @dev Invariants 1 to 9 of docs/invariants.md under random sequences of everyone's doings; 10 is below.
contract OracleInvariantsTest is OracleTest {
    Everyone private everyone;

    function setUp() public override {
        everyone = new Everyone();
        bytes4[] memory doings = new bytes4[](11);
        doings[0] = Everyone.wait.selector;
        doings[1] = Everyone.relay.selector;
        doings[2] = Everyone.bring.selector;
        doings[3] = Everyone.bringLies.selector;
        doings[4] = Everyone.lieAlone.selector;
        doings[5] = Everyone.lieRetired.selector;
        doings[6] = Everyone.halt.selector;
        doings[7] = Everyone.resume.selector;
        doings[8] = Everyone.voidFixing.selector;
        doings[9] = Everyone.voidRoot.selector;
        doings[10] = Everyone.rotate.selector;
        targetContract(address(everyone));
        targetSelector(address(everyone), doings);
    }

    function invariant_everythingIsWhatItShouldBe() external {
        everyone.checkFixings();
        everyone.checkLatest();
        everyone.checkUntouched();
        everyone.checkLaterRecords();
    }
}

/// @dev Invariant 10: bytes and prices are one to one.
contract OracleBytesTest is OracleTest {
    function testFuzz_everyWordIsReadAsItWasSigned(int56[9] calldata prices) external {
        skip(10);
        Prices memory p = pricesAt(now_());
        for (uint256 i; i < 9; ++i) p.prices[2][i] = prices[i] == type(int56).min + 1 ? int56(0) : prices[i];
        oracle.record(wholeReport(signers, bundles, p));
        for (uint256 i; i < 9; ++i) {
            (bool ok, int256 price, ) = oracle.tryLatest(feedId(4, i));
            assertEq(ok, p.prices[2][i] != NO_PRICE_LANE);
            assertEq(price, ok ? p.prices[2][i] : type(int256).min);
        }
    }

    function testFuzz_everyByteOfAReportCounts(uint256 offset, uint8 flip) external {
        skip(10);
        bytes memory report_ = reportAt(now_());
        offset = bound(offset, 0, report_.length - 1);
        vm.assume(flip != 0);
        report_[offset] ^= bytes1(flip);
        (bool ok, ) = address(oracle).call(abi.encodeCall(oracle.record, (report_)));
        // Only the masks say what is kept and not what is true: they alone may differ.
        if (ok) assertTrue(_isMask(offset), "a byte that does not count");
    }

    /// @dev Where the masks of the three parts are: behind 4 + 82 + 195 bytes of header, and each bundle number.
    function _isMask(uint256 offset) private view returns (bool) {
        uint256 start = 4 + setBytes(signers).length + 65 * signers.q;
        for (uint256 which; which < 3; ++which) {
            if (offset == start + 3) return true; // all three masks are one byte
            start += partAt(now_(), which).length;
        }
        return false;
    }
}
