// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FeedId, feedId} from "../../contracts/FeedId.sol";
import {IOracle} from "../../contracts/interfaces/IOracle.sol";
import {OracleTest} from "./utils/OracleTest.sol";
import {Choice, Prices, Signers} from "./utils/Reports.sol";
import {vm} from "./utils/Test.sol";

/// @dev The attacks that the oracle's rules answer, each played through. The comment of a test names the rule: take it
/// out, and that test fails.
contract OracleAttacksTest is OracleTest {
    /// @dev A fixing time that has just passed.
    uint256 private constant T = START + PERIOD;

    function setUp() public override {
        super.setUp();
        warp(T + 7);
    }

    // ------------------------------------------------------------------- one liar in two overlapping quorums

    /// @dev Two quorums of 3-of-5 may share one signer only: a liar there signs both. Rule: BadQuorum in setSigners,
    /// 2q > n + ⌊(n − 1) / 3⌋, so that two quorums share an honest signer.
    function test_quorumOverlap_threeOfFiveIsRefused() external {
        uint8[2][5] memory refused = [[2, 4], [3, 5], [4, 7], [6, 10], [1, 2]];
        for (uint256 i; i < refused.length; ++i) {
            Signers memory s = makeSigners("overlapping", refused[i][1]);
            s.q = refused[i][0];
            assertReverts(
                abi.encodeCall(oracle.setSigners, (setBytes(s), now_(), 0)),
                abi.encodeWithSelector(IOracle.BadQuorum.selector, refused[i][0], refused[i][1])
            );
        }
        uint8[2][5] memory accepted = [[3, 4], [4, 5], [5, 7], [7, 10], [2, 2]];
        for (uint256 i; i < accepted.length; ++i) {
            Signers memory s = makeSigners("accepted", accepted[i][1]);
            s.q = accepted[i][0];
            oracle.setSigners(setBytes(s), now_(), 0);
        }
    }

    /// @dev Even where two quorums did sign two roots of one time, its bundles never come from both. Rule: RootConflict
    /// in _keepRoot; one time, one root.
    function test_quorumOverlap_oneTimeHasOneRoot() external {
        Prices memory lie = pricesAt(T + 1);
        lie.observedAt = T;
        bytes32 lieRoot = rootOf(bundles, lie.prices);
        Choice[] memory ninth = new Choice[](1);
        ninth[0] = Choice(2, wholeMask(9));
        bytes memory second = abi.encodePacked(
            uint32(T),
            setBytes(signers),
            signatures(signers, 1, T, lieRoot), // signers 1 to 3; the first report has 0 to 2
            parts(bundles, lie.prices, ninth)
        );
        oracle.record(reportOf(T, 0, wholeMask(5)));
        uint256 kept = uint224(uint256(rootOf(bundles, pricesAt(T).prices)));
        bytes memory conflict = abi.encodeWithSelector(
            IOracle.RootConflict.selector,
            T,
            kept,
            uint224(uint256(lieRoot))
        );
        assertReverts(abi.encodeCall(oracle.record, (second)), conflict);
        assertStatus(BTC, T, IOracle.Status.Provisional);
        assertStatus(NINTH, T, IOracle.Status.Unstored);
        assertReverts(latestCall(NINTH), abi.encodeWithSelector(IOracle.NeverRecorded.selector, NINTH));
    }

    // ------------------------------------------------------------------- fixings that are final at birth

    /// @dev Stolen keys sign a fixing of last week: it can still be disputed. Rule: `since` is the block time at which
    /// the root was kept (_keepRoot), and finality counts from it.
    function test_backDating_nothingIsFinalWhenItIsRecorded() external {
        warp(T + 7 days);
        oracle.record(reportAt(T));
        uint256 finalAt = T + 7 days + DISPUTE;
        bytes memory provisional = abi.encodeWithSelector(IOracle.Provisional.selector, T, finalAt);
        assertReverts(abi.encodeCall(oracle.fixing, (BTC, T)), provisional);
        assertReverts(abi.encodeCall(oracle.proveFixing, (BTC, T, partAt(T, 0))), provisional);
        warp(finalAt - 1);
        oracle.voidFixing(T, 0);
        warp(finalAt);
        assertStatus(BTC, T, IOracle.Status.Void);
        assertEq(oracle.fixing(NINTH, T), priceOf(NINTH, T));
    }

    /// @dev Keys stolen today make no fixing of last year. Rule: the SPAN check in _keepRoot.
    function test_backDating_noFixingOlderThanTheSpan() external {
        warp(T + SPAN);
        oracle.record(reportAt(T));
        assertStatus(BTC, T, IOracle.Status.None);
        bytes memory none = abi.encodeWithSelector(IOracle.NoFixing.selector, 0, T);
        assertReverts(abi.encodeCall(oracle.proveFixing, (BTC, T, partAt(T, 0))), none);
    }

    /// @dev Retired keys sign nothing once their overlap is over. Rule: `until` in _setInForce.
    function test_backDating_retiredKeysAreWorthless() external {
        Signers memory next = makeSigners("next", 4);
        uint256 from = T + PERIOD;
        oracle.setSigners(setBytes(next), from, 10 minutes);
        bytes memory old = reportAt(T);
        warp(from + 10 minutes);
        assertReverts(abi.encodeCall(oracle.record, (old)), abi.encodeWithSelector(IOracle.NoSetInForce.selector, T));
        assertStatus(BTC, T, IOracle.Status.None);
    }

    // ------------------------------------------------------------------- voids that are forgotten

    /// @dev The root still vouches for what was voided; no proof may bring it back. Rule: `_voided` in _requireRoot.
    function test_void_isNotProvableFromItsRoot() external {
        oracle.record(reportAt(T));
        oracle.voidFixing(T, 0);
        bytes memory voided = abi.encodeWithSelector(IOracle.Voided.selector, 0, T);
        bytes memory prove = abi.encodeCall(oracle.proveFixing, (BTC, T, partAt(T, 0)));
        warp(T + 7 + DISPUTE);
        assertReverts(prove, voided);
        assertReverts(abi.encodeCall(oracle.proveAbsent, (T, 0, proofOf(bundles, pricesAt(T).prices, 0))), voided);
        warp(T + YEAR - 1);
        assertReverts(prove, voided);
    }

    /// @dev What was voided before it was stored is not stored afterwards. Rule: _voidWords writes words that were
    /// never stored, too.
    function test_void_ofAnUnstoredFixingIsRemembered() external {
        oracle.record(reportOf(T, 1, 0)); // the root alone
        oracle.voidFixing(T, 0);
        oracle.record(reportAt(T));
        assertStatus(BTC, T, IOracle.Status.Void);
        assertStatus(FIFTH, T, IOracle.Status.Void);
        bytes memory voided = abi.encodeWithSelector(IOracle.Voided.selector, 0, T);
        assertReverts(abi.encodeCall(oracle.recordFixing, (T, partAt(T, 0))), voided);
    }

    /// @dev Nor is it forgotten when its place in the ring serves another time. Rule: `_voided` in tryFixing.
    function test_void_outlastsItsWords() external {
        oracle.record(reportAt(T));
        oracle.voidFixing(T, 0);
        warp(T + SPAN + 7);
        oracle.record(reportAt(T + SPAN));
        assertStatus(BTC, T, IOracle.Status.Void);
        assertStatus(BTC, T + SPAN, IOracle.Status.Provisional);
    }

    /// @dev A root that the house cannot reproduce goes with everything under it, and no other takes its place. Rule:
    /// voidRoot leaves root 0 with its `since`, and overwrites what is stored.
    function test_void_ofARootVoidsAllThatItVouchesFor() external {
        oracle.record(reportOf(T, 0, 1)); // bundle 0 stored, the others provable
        oracle.voidRoot(T);
        warp(T + 7 + DISPUTE);
        for (uint256 which; which < 3; ++which) {
            FeedId feed = feedId(bundles[which].number, 0);
            assertStatus(feed, T, IOracle.Status.Void);
            bytes memory voided = abi.encodeWithSelector(IOracle.Voided.selector, bundles[which].number, T);
            assertReverts(abi.encodeCall(oracle.fixing, (feed, T)), voided);
            assertReverts(abi.encodeCall(oracle.proveFixing, (feed, T, partAt(T, which))), voided);
        }
        Prices memory other = pricesAt(T + 1);
        other.observedAt = T;
        uint256 given = uint224(uint256(rootOf(bundles, other.prices)));
        bytes memory conflict = abi.encodeWithSelector(IOracle.RootConflict.selector, T, 0, given);
        assertReverts(abi.encodeCall(oracle.record, (wholeReport(signers, bundles, other))), conflict);
    }

    // ------------------------------------------------------------------- the worst tick of a gap

    /// @dev After a gap somebody records the tick that suits them, trades on it, and the next relayer repairs it. Rule:
    /// LATEST_DELAY in record.
    function test_gap_anOldReportDoesNotBecomeLatest() external {
        uint256 before = recordNow();
        bytes memory worst = reportAt(before + 1);
        warp(before + 1 + LATEST_DELAY + 1);
        vm.recordLogs();
        oracle.record(worst);
        assertEq(vm.getRecordedLogs().length, 0, "it changed something");
        (int256 price, uint256 observedAt) = oracle.latest(BTC);
        assertEq(observedAt, before);
        assertEq(price, priceOf(BTC, before));
        warp(before + 1 + LATEST_DELAY);
        oracle.record(worst);
        (, observedAt) = oracle.latest(BTC);
        assertEq(observedAt, before + 1);
    }

    // ------------------------------------------------------------------- choosing from all of history

    /// @dev A caller chooses among the reports of the last maxAge seconds. Rule: StalePrice in verify.
    function test_pull_noReportOlderThanTheConsumerAllows() external {
        uint256 time = now_();
        bytes memory report_ = reportAt(time);
        skip(61);
        bytes memory stale = abi.encodeWithSelector(IOracle.StalePrice.selector, time, 60);
        assertReverts(abi.encodeCall(oracle.verify, (report_, BTC, 60)), stale);
        (int256 price, ) = oracle.verify(report_, BTC, 61);
        assertEq(price, priceOf(BTC, time));
    }

    /// @dev And never below what everybody can read. Rule: OlderThanLatest in verify.
    function test_pull_noReportOlderThanLatest() external {
        bytes memory old = reportAt(now_());
        skip(1);
        uint256 newest = recordNow();
        bytes memory older = abi.encodeWithSelector(IOracle.OlderThanLatest.selector, newest - 1, newest);
        assertReverts(abi.encodeCall(oracle.verify, (old, BTC, 600)), older);
        oracle.verify(reportAt(newest), BTC, 600);
    }

    /// @dev A halt stops those who bring reports, too. Rule: Halted in verify.
    function test_pull_notWhileHalted() external {
        bytes memory report_ = reportAt(now_());
        oracle.halt(0);
        bytes memory halted = abi.encodeWithSelector(IOracle.Halted.selector, 0);
        assertReverts(abi.encodeCall(oracle.verify, (report_, BTC, 600)), halted);
        oracle.verify(report_, NINTH, 600);
    }

    /// @dev A tick fixed beforehand leaves no choice. Rules: WrongTime and UseFixing in verifyAt.
    function test_pull_verifyAtIsForOneTick() external {
        uint256 tick = now_();
        bytes memory other = reportAt(tick - 1);
        bytes memory wrong = abi.encodeWithSelector(IOracle.WrongTime.selector, tick - 1, tick);
        assertReverts(abi.encodeCall(oracle.verifyAt, (other, BTC, tick)), wrong);
        assertEq(oracle.verifyAt(reportAt(tick), BTC, tick), priceOf(BTC, tick));
        bytes memory report_ = reportAt(T);
        bytes memory use = abi.encodeWithSelector(IOracle.UseFixing.selector, T);
        assertReverts(abi.encodeCall(oracle.verifyAt, (report_, BTC, T)), use);
    }

    // ------------------------------------------------------------------- changing what a feed means

    /// @dev A feed more in a bundle would make a year of roots unprovable, and every chain would have to change in the
    /// same second. Rule: BundleExists in defineBundle.
    function test_bundles_neverChange() external {
        oracle.record(reportOf(T, 1, 0));
        bytes32 before = oracle.definition(3);
        (string[] memory symbols, uint8[] memory decimals) = (new string[](2), new uint8[](2));
        (bytes32[] memory methods, uint32[] memory ages) = (new bytes32[](2), new uint32[](2));
        bytes memory again = abi.encodeCall(oracle.defineBundle, (3, symbols, decimals, methods, ages));
        assertReverts(again, abi.encodeWithSelector(IOracle.BundleExists.selector, 3));
        assertEq(oracle.definition(3), before);
        oracle.defineBundle(5, symbols, decimals, methods, ages); // new feeds are a new bundle
        warp(T + YEAR - 1);
        assertEq(oracle.proveFixing(ALONE, T, partAt(T, 1)), priceOf(ALONE, T));
    }

    // ------------------------------------------------------------------- two sets for one time

    /// @dev While two sets overlap, each time is still of one of them. Rule: _setInForce asks by observedAt.
    function test_rotation_eachTimeHasOneSet() external {
        Signers memory next = makeSigners("next", 4);
        uint256 from = now_() + 20;
        oracle.setSigners(setBytes(next), from, 1 hours);
        warp(from + 30);
        for (uint256 time = from - 15; time < from + 15; ++time) {
            (bool old, ) = address(oracle).call(abi.encodeCall(oracle.record, (reportAt(time))));
            bytes memory report_ = wholeReport(next, bundles, pricesAt(time));
            (bool young, ) = address(oracle).call(abi.encodeCall(oracle.record, (report_)));
            assertEq(old, time < from, "the old set");
            assertEq(young, time >= from, "the new set");
        }
    }

    /// @dev Nor do keys that were in force for an hour reach back behind it. Rule: activeFrom of the retired set.
    function test_rotation_noSetReachesBackBehindItsOwnTime() external {
        Signers memory second = makeSigners("second", 4);
        oracle.setSigners(setBytes(second), now_(), 0);
        skip(1 hours);
        oracle.setSigners(setBytes(makeSigners("third", 4)), now_(), SPAN);
        bytes memory early = wholeReport(second, bundles, pricesAt(T));
        assertReverts(abi.encodeCall(oracle.record, (early)), abi.encodeWithSelector(IOracle.NoSetInForce.selector, T));
        oracle.record(wholeReport(second, bundles, pricesAt(T + 7)));
    }

    // ------------------------------------------------------------------- a halt that decides an option

    /// @dev One guardian halts across an expiry and past its grace: fixings go on. Rule: halt writes latest words only.
    function test_halt_stopsNoFixing() external {
        uint256 expiry = T + PERIOD;
        oracle.record(reportAt(T));
        for (uint256 which; which < 3; ++which) oracle.halt(bundles[which].number);
        warp(expiry + 7);
        oracle.record(reportAt(expiry));
        skip(DISPUTE);
        assertEq(oracle.fixing(BTC, T), priceOf(BTC, T));
        assertEq(oracle.fixing(BTC, expiry), priceOf(BTC, expiry));
        assertReverts(latestCall(BTC), abi.encodeWithSelector(IOracle.Halted.selector, 0));
        oracle.resume(0);
        bytes memory none = abi.encodeWithSelector(IOracle.NoPrice.selector, BTC, now_());
        assertReverts(latestCall(BTC), none); // nothing observed before the resume returns
    }

    // ------------------------------------------------------------------- two values for one bundle

    /// @dev In a tree whose pairs are sorted, one root can hold two leaves of bundle 3. Rule: the bundle's bit picks
    /// the side (ReportReader.climb), so that only one place of a root is bundle 3's.
    function test_trie_aRootHoldsOneValueOfABundle() external {
        (int256[] memory low, int256[] memory high) = (new int256[](1), new int256[](1));
        (low[0], high[0]) = (int256(1), int256(2));
        if (leaf(bundles[1], low) > leaf(bundles[1], high)) (low, high) = (high, low); // by their leaves
        (bytes32 left, bytes32 right) = (leaf(bundles[1], low), leaf(bundles[1], high));
        bytes32 root = keccak256(abi.encode(left, right));
        bytes memory lowPart = abi.encodePacked(uint24(3), uint8(3), uint8(1), right, packWords(low));
        bytes memory highPart = abi.encodePacked(uint24(3), uint8(3), uint8(1), left, packWords(high));
        bytes memory head = abi.encodePacked(uint32(T), setBytes(signers), signatures(signers, 0, T, root));

        bytes memory refused = abi.encodeWithSelector(IOracle.BadSignature.selector, 0);
        assertReverts(abi.encodeCall(oracle.record, (bytes.concat(head, lowPart))), refused);
        oracle.record(bytes.concat(head, highPart));
        uint256 given = uint224(uint256(keccak256(abi.encode(right, left))));
        bytes memory mismatch = abi.encodeWithSelector(IOracle.RootMismatch.selector, given, uint224(uint256(root)));
        assertReverts(abi.encodeCall(oracle.recordFixing, (T, lowPart)), mismatch);
        assertReverts(abi.encodeCall(oracle.proveFixing, (ALONE, T, lowPart)), mismatch);
        skip(DISPUTE);
        assertEq(oracle.fixing(ALONE, T), high[0]);
        assertEq(oracle.proveFixing(ALONE, T, highPart), high[0]);
    }

    // ------------------------------------------------------------------- writing into the next bundle

    /// @dev 65 words of bundle 3 would reach the first word of bundle 4. Rule: ReportReader.read takes the number of
    /// words from the definition, never from the report.
    function test_words_moreThanABundleHasAreRefused() external {
        int256[] memory prices = new int256[](65 * 4);
        for (uint256 i; i < prices.length; ++i) prices[i] = int256(i);
        bytes memory words = packWords(prices);
        bytes32 inner = keccak256(abi.encodePacked(uint24(3), bundles[1].definition, words));
        bytes32 root = keccak256(abi.encode(inner));
        bytes memory report_ = abi.encodePacked(
            uint32(now_()),
            setBytes(signers),
            signatures(signers, 0, now_(), root),
            abi.encodePacked(uint24(3), uint8(0xff), uint8(0)),
            words
        );
        (bool ok, ) = address(oracle).call(abi.encodeCall(oracle.record, (report_)));
        assertFalse(ok, "more words than feeds");
        report_[4 + setBytes(signers).length + 65 * signers.q + 3] = 0x02; // a mask of the one word
        bytes memory refused = abi.encodeWithSelector(IOracle.BadSignature.selector, 0);
        assertReverts(abi.encodeCall(oracle.record, (report_)), refused);
        assertReverts(latestCall(ALONE), abi.encodeWithSelector(IOracle.NeverRecorded.selector, ALONE));
    }

    /// @dev The largest bundle ends where the next begins, and a mask names no word behind it. Rule: BadMask in
    /// ReportReader.read.
    function test_words_theLargestBundleEndsBeforeTheNext() external {
        (string[] memory symbols, uint8[] memory decimals) = (new string[](256), new uint8[](256));
        (bytes32[] memory methods, uint32[] memory ages) = (new bytes32[](256), new uint32[](256));
        oracle.defineBundle(2, symbols, decimals, methods, ages);
        int256[] memory prices = new int256[](256);
        for (uint256 i; i < 256; ++i) prices[i] = int256(i);
        bytes memory words = packWords(prices);
        bytes32 root = keccak256(abi.encode(keccak256(abi.encodePacked(uint24(2), oracle.definition(2), words))));
        bytes memory head = abi.encodePacked(
            uint32(now_()),
            setBytes(signers),
            signatures(signers, 0, now_(), root),
            uint24(2)
        );
        uint256 all = 2 ** 65 - 1;
        bytes memory bad = abi.encodeWithSelector(IOracle.BadMask.selector, 2, all | (1 << 65));
        bytes memory report_ = abi.encodePacked(head, uint72(all | (1 << 65)), uint8(0), words);
        assertReverts(abi.encodeCall(oracle.record, (report_)), bad);
        oracle.record(abi.encodePacked(head, uint72(all), uint8(0), words));
        (int256 price, ) = oracle.latest(feedId(2, 255));
        assertEq(price, 255);
        assertReverts(latestCall(ALONE), abi.encodeWithSelector(IOracle.NeverRecorded.selector, ALONE));
    }

    // ------------------------------------------------------------------- a report that fits into no transaction

    /// @dev The largest set, with every word of the largest bundle written for the first time, as latest and as fixing,
    /// stays below the most gas that a transaction may use (EIP-7825), so that nothing signed cannot be recorded.
    function test_gas_theLargestPartFitsIntoATransaction() external {
        (string[] memory symbols, uint8[] memory decimals) = (new string[](256), new uint8[](256));
        (bytes32[] memory methods, uint32[] memory ages) = (new bytes32[](256), new uint32[](256));
        oracle.defineBundle(2, symbols, decimals, methods, ages);
        Signers memory most = makeSigners("most", 255);
        oracle.setSigners(setBytes(most), now_(), 0);
        warp(T + PERIOD);
        bytes memory words = packWords(new int256[](256));
        bytes32 root = keccak256(abi.encode(keccak256(abi.encodePacked(uint24(2), oracle.definition(2), words))));
        bytes memory report_ = abi.encodePacked(
            uint32(now_()),
            setBytes(most),
            signatures(most, 0, now_(), root),
            abi.encodePacked(uint24(2), uint72(2 ** 65 - 1), uint8(0)),
            words
        );
        bytes memory call = abi.encodeCall(oracle.record, (report_));
        vm.cool(address(oracle));
        uint256 before = gasleft();
        (bool ok, ) = address(oracle).call(call);
        uint256 used = before - gasleft() + 21_000 + 40 * call.length; // 40: the floor of EIP-7623 for a byte
        assertTrue(ok, "recorded");
        assertLt(used, 16_777_216);
        assertGt(used, 128 * 20_000); // it did write 128 new words
    }

    // ------------------------------------------------------------------- old inputs with a new time

    /// @dev How old an input may be is part of what is signed: whoever knows feeds of another age does not accept these
    /// signatures. Rule: maxInputAge in Definition.hash.
    function test_inputAge_isPartOfWhatIsSigned() external {
        bytes memory report_ = _reportOfTheFirstBundle();
        IOracle same = _oracleWithInputAge(30);
        IOracle older = _oracleWithInputAge(3600);
        assertNotEq(same.definition(0), older.definition(0));
        bytes memory refused = abi.encodeWithSelector(IOracle.BadSignature.selector, 0);
        assertReverts(address(older), abi.encodeCall(older.record, (report_)), refused);
        same.record(report_);
    }

    /// @dev A report of bundle 0 alone, as the root of a catalog of one bundle.
    function _reportOfTheFirstBundle() private view returns (bytes memory) {
        Prices memory p = pricesAt(now_());
        bytes memory words = packWords(p.prices[0]);
        bytes32 root = leaf(bundles[0], p.prices[0]);
        bytes memory signed = signatures(signers, 0, now_(), root);
        return abi.encodePacked(uint32(now_()), setBytes(signers), signed, uint24(0), uint8(7), uint8(0), words);
    }

    /// @dev An oracle of the same network whose bundle 0 differs in the age of its first feed, if at all.
    function _oracleWithInputAge(uint32 first) private returns (IOracle other) {
        other = deployOracle(address(this), SALT, DISPUTE, LATEST_DELAY);
        other.setSigners(setBytes(signers), now_(), 0);
        (string[] memory symbols, uint8[] memory decimals) = (new string[](5), new uint8[](5));
        (bytes32[] memory methods, uint32[] memory ages) = (new bytes32[](5), new uint32[](5));
        for (uint256 i; i < 5; ++i) {
            symbols[i] = string.concat("F0.", vm.toString(i));
            (decimals[i], methods[i], ages[i]) = (uint8(i), keccak256(bytes(symbols[i])), uint32(30 + i));
        }
        ages[0] = first;
        other.defineBundle(0, symbols, decimals, methods, ages);
    }
}
