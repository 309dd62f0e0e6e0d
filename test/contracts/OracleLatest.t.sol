// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FeedId, feedId, ImpossibleFeed} from "../../contracts/FeedId.sol";
import {IOracle} from "../../contracts/interfaces/IOracle.sol";
import {OracleTest} from "./utils/OracleTest.sol";
import {Choice, Prices} from "./utils/Reports.sol";
import {vm} from "./utils/Test.sol";

/// @dev Latest prices: recording them, reading them, halting and resuming.
contract OracleLatestTest is OracleTest {
    event Recorded(uint256 indexed observedAt, bytes32 root, bytes bundles);

    function test_record_makesEveryFeedReadable() external {
        skip(10);
        uint256 time = recordNow();
        for (uint256 i; i < bundles.length; ++i) {
            for (uint256 j; j < bundles[i].feeds; ++j) {
                FeedId feed = feedId(bundles[i].number, j);
                (int256 price, uint256 observedAt) = oracle.latest(feed);
                assertEq(price, priceOf(feed, time));
                assertEq(observedAt, time);
            }
        }
    }

    function test_record_saysOnceWhatItChanged() external {
        skip(10);
        Prices memory p = pricesAt(now_());
        bytes memory report = wholeReport(signers, bundles, p);
        vm.expectEmit(address(oracle));
        emit Recorded(p.observedAt, rootOf(bundles, p.prices), hex"000000000003000004");
        oracle.record(report);
        vm.recordLogs();
        oracle.record(report);
        assertEq(vm.getRecordedLogs().length, 0, "a repeated report changes nothing");
    }

    function test_record_namesOnlyTheBundlesItChanged() external {
        skip(10);
        oracle.record(reportOf(now_(), 1, 2));
        Prices memory p = pricesAt(now_());
        bytes memory report = wholeReport(signers, bundles, p);
        vm.expectEmit(address(oracle));
        emit Recorded(p.observedAt, rootOf(bundles, p.prices), hex"000000000004");
        oracle.record(report);
    }

    function test_record_keepsARootEvenWhereNothingElseChanges() external {
        skip(SPAN - (START % SPAN));
        uint256 time = now_();
        skip(LATEST_DELAY + 1);
        Choice[] memory choices = new Choice[](1);
        choices[0] = Choice(1, 0);
        Prices memory p = pricesAt(time);
        bytes memory report = report(signers, bundles, p, choices);
        vm.expectEmit(address(oracle));
        emit Recorded(time, rootOf(bundles, p.prices), "");
        oracle.record(report);
        assertStatus(ALONE, time, IOracle.Status.Unstored);
    }

    function testFuzz_record_storesTheWordsOfItsMask(uint256 mask) external {
        mask = bound(mask, 0, 15) & 14;
        skip(10);
        uint256 time = now_();
        oracle.record(reportOf(time, 2, mask));
        for (uint256 i; i < 9; ++i) {
            (bool ok, int256 price, ) = oracle.tryLatest(feedId(4, i));
            bool stored = (mask >> (1 + i / 4)) & 1 == 1;
            assertEq(ok, stored);
            assertEq(price, stored ? priceAt(time, 4, i) : type(int256).min);
        }
    }

    function test_record_ofOlderReportsChangesNothingAndDoesNotRevert() external {
        skip(70);
        uint256 time = recordNow();
        vm.recordLogs();
        oracle.record(reportAt(time - 10));
        assertEq(vm.getRecordedLogs().length, 0);
        (, uint256 observedAt) = oracle.latest(BTC);
        assertEq(observedAt, time);
    }

    function test_record_atTheLatestDelayExactly() external {
        skip(1000);
        oracle.record(reportAt(now_() - LATEST_DELAY - 1));
        assertReverts(latestCall(BTC), abi.encodeWithSelector(IOracle.NeverRecorded.selector, BTC));
        oracle.record(reportAt(now_() - LATEST_DELAY));
        (, uint256 observedAt) = oracle.latest(BTC);
        assertEq(observedAt, now_() - LATEST_DELAY);
    }

    function test_record_ofAReportOfThisSecondButNotOfTheNext() external {
        skip(10);
        bytes memory next = reportAt(now_() + 1);
        bytes memory future = abi.encodeWithSelector(IOracle.FutureReport.selector, now_() + 1, now_());
        assertReverts(abi.encodeCall(oracle.record, (next)), future);
        recordNow();
    }

    // ---------------------------------------------------------------------------------------------- reading

    function test_latest_withAMaximumAge() external {
        skip(10);
        uint256 time = recordNow();
        skip(60);
        (int256 price, uint256 observedAt) = oracle.latest(BTC, 60);
        assertEq(price, priceOf(BTC, time));
        assertEq(observedAt, time);
        bytes memory stale = abi.encodeWithSelector(IOracle.StalePrice.selector, time, 59);
        assertReverts(abi.encodeWithSignature("latest(uint256,uint256)", BTC, 59), stale);
    }

    function test_latest_ofAFeedNeverRecorded() external {
        bytes memory never = abi.encodeWithSelector(IOracle.NeverRecorded.selector, NINTH);
        assertReverts(latestCall(NINTH), never);
        assertReverts(abi.encodeWithSignature("latest(uint256,uint256)", NINTH, type(uint256).max), never);
        (bool ok, int256 price, uint256 observedAt) = oracle.tryLatest(NINTH);
        assertFalse(ok);
        assertEq(price, type(int256).min);
        assertEq(observedAt, 0);
    }

    function test_latest_whereTheSignersHadNoPrice() external {
        skip(10);
        Prices memory p = pricesAt(now_());
        p.prices[0][0] = NO_PRICE_LANE;
        oracle.record(wholeReport(signers, bundles, p));
        assertReverts(latestCall(BTC), abi.encodeWithSelector(IOracle.NoPrice.selector, BTC, p.observedAt));
        (bool ok, int256 price, uint256 observedAt) = oracle.tryLatest(BTC);
        assertFalse(ok);
        assertEq(price, type(int256).min);
        assertEq(observedAt, p.observedAt);
        (price, ) = oracle.latest(FIFTH);
        assertEq(price, priceOf(FIFTH, p.observedAt), "its neighbours have theirs");
    }

    function test_latest_behindTheLastFeedOfABundleHasNoPrice() external {
        skip(10);
        uint256 time = recordNow();
        assertReverts(latestCall(feedId(3, 1)), abi.encodeWithSelector(IOracle.NoPrice.selector, feedId(3, 1), time));
    }

    function testFuzz_latest_everyPriceIsReadAsItWasSigned(int256 price, uint256 position) external {
        price = bound(price, int256(type(int56).min) + 2, type(int56).max);
        position = bound(position, 0, 8);
        skip(10);
        Prices memory p = pricesAt(now_());
        p.prices[2][position] = price;
        oracle.record(wholeReport(signers, bundles, p));
        (int256 read, ) = oracle.latest(feedId(4, position));
        assertEq(read, price);
    }

    function testFuzz_reads_refuseImpossibleFeeds(uint256 id) external {
        id = bound(id, 2 ** 32, type(uint256).max);
        skip(10);
        recordNow();
        bytes memory impossible = abi.encodeWithSelector(ImpossibleFeed.selector, id);
        assertReverts(abi.encodeWithSignature("latest(uint256)", id), impossible);
        assertReverts(abi.encodeWithSignature("latest(uint256,uint256)", id, 60), impossible);
        assertReverts(abi.encodeCall(oracle.tryLatest, (FeedId.wrap(id))), impossible);
        assertReverts(abi.encodeCall(oracle.fixing, (FeedId.wrap(id), START)), impossible);
        assertReverts(abi.encodeCall(oracle.tryFixing, (FeedId.wrap(id), START)), impossible);
    }

    function test_latestOf_readsSeveral() external {
        skip(10);
        uint256 time = recordNow();
        FeedId[] memory feeds = new FeedId[](3);
        (feeds[0], feeds[1], feeds[2]) = (NINTH, BTC, ALONE);
        (int256[] memory prices, uint256[] memory observedAt) = oracle.latestOf(feeds);
        for (uint256 i; i < 3; ++i) {
            assertEq(prices[i], priceOf(feeds[i], time));
            assertEq(observedAt[i], time);
        }
    }

    function test_latestOf_revertsIfOneHasNone() external {
        skip(10);
        oracle.record(reportOf(now_(), 0, 6));
        FeedId[] memory feeds = new FeedId[](2);
        (feeds[0], feeds[1]) = (BTC, ALONE);
        bytes memory never = abi.encodeWithSelector(IOracle.NeverRecorded.selector, ALONE);
        assertReverts(abi.encodeCall(oracle.latestOf, (feeds)), never);
    }

    // ---------------------------------------------------------------------------------------------- verifying

    function test_verify_readsAReportWithoutStoringIt() external {
        skip(10);
        bytes memory report = reportAt(now_());
        skip(30);
        (int256 price, uint256 observedAt) = oracle.verify(report, NINTH, 30);
        assertEq(price, priceOf(NINTH, now_() - 30));
        assertEq(observedAt, now_() - 30);
        bytes memory stale = abi.encodeWithSelector(IOracle.StalePrice.selector, now_() - 30, 29);
        assertReverts(abi.encodeCall(oracle.verify, (report, NINTH, 29)), stale);
        assertReverts(latestCall(NINTH), abi.encodeWithSelector(IOracle.NeverRecorded.selector, NINTH));
    }

    function test_verify_notOlderThanLatest() external {
        skip(100);
        bytes memory older = reportAt(now_() - 10);
        bytes memory report = reportAt(now_());
        oracle.record(report);
        oracle.verify(report, BTC, 60); // as old as the latest
        bytes memory error_ = abi.encodeWithSelector(IOracle.OlderThanLatest.selector, now_() - 10, now_());
        assertReverts(abi.encodeCall(oracle.verify, (older, BTC, 60)), error_);
    }

    function test_verify_notWhereHalted() external {
        skip(10);
        bytes memory report = reportAt(now_());
        oracle.halt(0);
        bytes memory halted = abi.encodeWithSelector(IOracle.Halted.selector, 0);
        assertReverts(abi.encodeCall(oracle.verify, (report, BTC, 60)), halted);
        oracle.verify(report, ALONE, 60);
    }

    function test_verify_needsTheFeedInTheReport() external {
        skip(10);
        bytes memory report = reportOf(now_(), 1, 0);
        bytes memory missing = abi.encodeWithSelector(IOracle.NotInReport.selector, 0);
        assertReverts(abi.encodeCall(oracle.verify, (report, BTC, 60)), missing);
        bytes memory impossible = abi.encodeWithSelector(ImpossibleFeed.selector, feedId(3, 4));
        assertReverts(abi.encodeCall(oracle.verify, (report, feedId(3, 4), 60)), impossible);
        bytes memory none = abi.encodeWithSelector(IOracle.NoPrice.selector, feedId(3, 1), now_());
        assertReverts(abi.encodeCall(oracle.verify, (report, feedId(3, 1), 60)), none);
    }

    function test_verify_checksTheRestOfTheReportToo() external {
        skip(10);
        bytes memory report = reportAt(now_());
        report[report.length - 1] ^= 0x01; // the last word of the last bundle
        (bool ok, bytes memory error_) = address(oracle).call(abi.encodeCall(oracle.verify, (report, BTC, 60)));
        assertFalse(ok);
        assertEq(bytes32(bytes4(error_)), bytes32(IOracle.RootMismatch.selector));
    }

    function test_verifyAt_exactlyTheTickAskedFor() external {
        skip(1000);
        bytes memory report = reportAt(now_() - 500);
        int256 price = oracle.verifyAt(report, FIFTH, now_() - 500);
        assertEq(price, priceOf(FIFTH, now_() - 500));
        bytes memory wrong = abi.encodeWithSelector(IOracle.WrongTime.selector, now_() - 500, now_() - 510);
        assertReverts(abi.encodeCall(oracle.verifyAt, (report, FIFTH, now_() - 510)), wrong);
    }

    function test_verifyAt_refusesFixingTimes() external {
        skip(10);
        bytes memory report = reportAt(START);
        bytes memory useFixing = abi.encodeWithSelector(IOracle.UseFixing.selector, START);
        assertReverts(abi.encodeCall(oracle.verifyAt, (report, BTC, START)), useFixing);
    }

    // ---------------------------------------------------------------------------------------------- halting

    function test_halt_closesReadsAndIgnoresNewerReports() external {
        skip(10);
        recordNow();
        oracle.halt(0);
        bytes memory halted = abi.encodeWithSelector(IOracle.Halted.selector, 0);
        assertReverts(latestCall(BTC), halted);
        assertReverts(abi.encodeWithSignature("latest(uint256,uint256)", FIFTH, type(uint256).max), halted);
        (bool ok, int256 price, uint256 observedAt) = oracle.tryLatest(BTC);
        assertFalse(ok);
        assertEq(price, type(int256).min);
        assertEq(observedAt, 0);
        skip(10);
        uint256 time = recordNow();
        assertReverts(latestCall(FIFTH), halted);
        (, observedAt) = oracle.latest(ALONE);
        assertEq(observedAt, time, "other bundles go on");
    }

    function test_resume_letsNothingObservedBeforeReturn() external {
        skip(10);
        bytes memory before = reportAt(now_());
        oracle.halt(0);
        skip(20);
        oracle.resume(0);
        uint256 resumed = now_();
        bytes memory none = abi.encodeWithSelector(IOracle.NoPrice.selector, BTC, resumed);
        assertReverts(latestCall(BTC), none);
        oracle.record(before);
        oracle.record(reportAt(resumed));
        assertReverts(latestCall(BTC), none);
        bytes memory older = abi.encodeWithSelector(IOracle.OlderThanLatest.selector, resumed - 20, resumed);
        assertReverts(abi.encodeCall(oracle.verify, (before, BTC, 60)), older);
        skip(1);
        uint256 time = recordNow();
        (int256 price, ) = oracle.latest(BTC);
        assertEq(price, priceOf(BTC, time));
    }

    function test_haltAndResume_errors() external {
        bytes memory unknown = abi.encodeWithSelector(IOracle.UnknownBundle.selector, 1);
        assertReverts(abi.encodeCall(oracle.halt, (1)), unknown);
        assertReverts(abi.encodeCall(oracle.resume, (1)), unknown);
        assertReverts(
            abi.encodeCall(oracle.halt, (1 << 250)),
            abi.encodeWithSelector(IOracle.UnknownBundle.selector, 1 << 250)
        );
        assertReverts(abi.encodeCall(oracle.resume, (0)), abi.encodeWithSelector(IOracle.NotHalted.selector, 0));
    }
}
