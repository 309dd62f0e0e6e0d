// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FeedId, feedId} from "../../contracts/FeedId.sol";
import {IOracle} from "../../contracts/interfaces/IOracle.sol";
import {OracleTest} from "./utils/OracleTest.sol";
import {Choice, Prices} from "./utils/Reports.sol";
import {vm} from "./utils/Test.sol";

/// @dev Fixings: keeping roots, storing, proving, finality, voiding, expiry.
contract OracleFixingTest is OracleTest {
    event FixingRecorded(uint256 indexed time, uint256 indexed bundle);
    event FixingVoided(uint256 indexed time, uint256 indexed bundle);
    event RootVoided(uint256 indexed time, uint256 root);

    /// @dev A fixing time that has just passed.
    uint256 internal constant T = START + PERIOD;

    function setUp() public override {
        super.setUp();
        warp(T + 7);
    }

    function fixingCall(FeedId feed, uint256 time) internal view returns (bytes memory) {
        return abi.encodeCall(oracle.fixing, (feed, time));
    }

    function proveCall(FeedId feed, uint256 time, bytes memory part_) internal view returns (bytes memory) {
        return abi.encodeCall(oracle.proveFixing, (feed, time, part_));
    }

    /// @dev Keeps the root of `time` and stores no fixing.
    function keepRoot(uint256 time) internal {
        oracle.record(reportOf(time, 1, 0));
    }

    // ---------------------------------------------------------------------------------------------- life of a fixing

    function test_fixing_isProvisionalThenFinalThenExpires() external {
        assertStatus(BTC, T, IOracle.Status.None);
        assertReverts(fixingCall(BTC, T), abi.encodeWithSelector(IOracle.NoFixing.selector, 0, T));
        oracle.record(reportAt(T));
        uint256 since = now_();
        assertStatus(BTC, T, IOracle.Status.Provisional);
        skip(DISPUTE - 1);
        assertStatus(BTC, T, IOracle.Status.Provisional);
        assertReverts(fixingCall(BTC, T), abi.encodeWithSelector(IOracle.Provisional.selector, T, since + DISPUTE));
        skip(1);
        assertStatus(BTC, T, IOracle.Status.Final);
        assertEq(oracle.fixing(BTC, T), priceOf(BTC, T));
        assertEq(oracle.fixing(NINTH, T), priceOf(NINTH, T));
        warp(T + SPAN - 1);
        assertEq(oracle.fixing(BTC, T), priceOf(BTC, T));
        warp(T + SPAN);
        assertStatus(BTC, T, IOracle.Status.Expired);
        assertReverts(fixingCall(BTC, T), abi.encodeWithSelector(IOracle.Expired.selector, T, T + SPAN));
        assertEq(oracle.proveFixing(BTC, T, partAt(T, 0)), priceOf(BTC, T), "provable for a year");
        warp(T + YEAR - 1);
        assertEq(oracle.proveFixing(BTC, T, partAt(T, 0)), priceOf(BTC, T));
        warp(T + YEAR);
        assertStatus(BTC, T, IOracle.Status.Expired);
        bytes memory expired = abi.encodeWithSelector(IOracle.Expired.selector, T, T + YEAR);
        assertReverts(proveCall(BTC, T, partAt(T, 0)), expired);
    }

    function test_fixing_sinceIsWhenTheRootWasKeptForEveryFeed() external {
        keepRoot(T);
        uint256 since = now_();
        skip(1000);
        oracle.record(reportAt(T)); // stores the other words, later
        (, , uint256 sinceStored) = oracle.tryFixing(BTC, T);
        assertEq(sinceStored, since);
        skip(1000);
        keepRoot(T + 2 * PERIOD);
        oracle.recordFixing(T + 2 * PERIOD, partAt(T + 2 * PERIOD, 2));
        (, , sinceStored) = oracle.tryFixing(NINTH, T + 2 * PERIOD);
        assertEq(sinceStored, now_());
    }

    function test_fixing_whereTheSignersHadNoPrice() external {
        Prices memory p = pricesAt(T);
        p.prices[0][0] = NO_PRICE_LANE;
        oracle.record(wholeReport(signers, bundles, p));
        (IOracle.Status status, int256 price, ) = oracle.tryFixing(BTC, T);
        assertEq(uint256(status), uint256(IOracle.Status.Provisional));
        assertEq(price, type(int256).min);
        skip(DISPUTE);
        assertStatus(BTC, T, IOracle.Status.NoPrice);
        bytes memory none = abi.encodeWithSelector(IOracle.NoPrice.selector, BTC, T);
        assertReverts(fixingCall(BTC, T), none);
        bytes memory brought = part(bundles, p.prices, Choice(0, 0));
        assertReverts(proveCall(BTC, T, brought), none);
    }

    function testFuzz_fixing_onlyAtMultiplesOfThePeriod(uint256 time) external {
        if (time % PERIOD == 0) time = time == 0 ? 1 : time - 1;
        bytes memory error_ = abi.encodeWithSelector(IOracle.NotAFixingTime.selector, time, PERIOD);
        assertReverts(fixingCall(BTC, time), error_);
        assertReverts(abi.encodeCall(oracle.tryFixing, (BTC, time)), error_);
        assertReverts(proveCall(BTC, time, partAt(T, 0)), error_);
        assertReverts(abi.encodeCall(oracle.recordFixing, (time, partAt(T, 0))), error_);
        assertReverts(abi.encodeCall(oracle.proveAbsent, (time, 0, new bytes32[](0))), error_);
        assertReverts(abi.encodeCall(oracle.voidFixing, (time, 0)), error_);
        assertReverts(abi.encodeCall(oracle.voidRoot, (time)), error_);
    }

    function testFuzz_fixing_ofTheFutureIsNotThere(uint256 time) external {
        time = bound(time, T + PERIOD, type(uint256).max);
        time -= time % PERIOD;
        oracle.record(reportAt(T));
        assertStatus(BTC, time, IOracle.Status.None);
        assertReverts(fixingCall(BTC, time), abi.encodeWithSelector(IOracle.NoFixing.selector, 0, time));
        assertReverts(proveCall(BTC, time, partAt(T, 0)), abi.encodeWithSelector(IOracle.NoFixing.selector, 0, time));
    }

    function test_fixing_aMaskWithoutFixingsKeepsOnlyTheRoot() external {
        oracle.record(reportOf(T, 0, 6)); // both words as latest, no fixings
        assertStatus(BTC, T, IOracle.Status.Unstored);
        bytes memory unstored = abi.encodeWithSelector(IOracle.Unstored.selector, 0, T);
        assertReverts(fixingCall(BTC, T), unstored);
        (int256 price, ) = oracle.latest(BTC);
        assertEq(price, priceOf(BTC, T));
    }

    function test_fixing_betweenFixingTimesNothingIsKept() external {
        oracle.record(reportAt(T + 5));
        assertStatus(BTC, T, IOracle.Status.None);
    }

    function test_fixing_atTheEdgeOfTheSpan() external {
        warp(T + SPAN - 1);
        oracle.record(reportAt(T));
        assertStatus(BTC, T, IOracle.Status.Provisional);
        warp(T + PERIOD + SPAN);
        oracle.record(reportAt(T + PERIOD)); // a moment too late: nothing
        assertStatus(BTC, T + PERIOD, IOracle.Status.None);
    }

    function test_fixing_aLapLaterTheSlotHoldsTheNewTime() external {
        oracle.record(reportAt(T));
        warp(T + SPAN);
        assertStatus(BTC, T + SPAN, IOracle.Status.None);
        oracle.record(reportAt(T + SPAN));
        assertStatus(BTC, T + SPAN, IOracle.Status.Provisional);
        assertStatus(BTC, T, IOracle.Status.Expired);
        skip(DISPUTE);
        assertEq(oracle.fixing(BTC, T + SPAN), priceOf(BTC, T + SPAN));
    }

    // ---------------------------------------------------------------------------------------------- bringing a part

    function test_recordFixing_storesWhatTheRootVouchesFor() external {
        keepRoot(T);
        assertStatus(NINTH, T, IOracle.Status.Unstored);
        bytes memory brought = partAt(T, 2);
        vm.expectEmit(address(oracle));
        emit FixingRecorded(T, 4);
        oracle.recordFixing(T, brought);
        assertStatus(NINTH, T, IOracle.Status.Provisional);
        vm.recordLogs();
        oracle.recordFixing(T, brought);
        assertEq(vm.getRecordedLogs().length, 0, "a second time changes nothing");
    }

    function test_recordFixing_errors() external {
        bytes memory brought = partAt(T, 2);
        bytes memory none = abi.encodeWithSelector(IOracle.NoFixing.selector, 4, T);
        assertReverts(abi.encodeCall(oracle.recordFixing, (T, brought)), none);
        keepRoot(T);
        bytes memory longer = bytes.concat(brought, hex"00");
        bytes memory length = abi.encodeWithSelector(IOracle.BadLength.selector, longer.length, brought.length);
        assertReverts(abi.encodeCall(oracle.recordFixing, (T, longer)), length);
        assertReverts(proveCall(NINTH, T, longer), length);
        warp(T + SPAN);
        bytes memory expired = abi.encodeWithSelector(IOracle.Expired.selector, T, T + SPAN);
        assertReverts(abi.encodeCall(oracle.recordFixing, (T, brought)), expired);
    }

    function testFuzz_recordFixing_noOtherBytesAreAccepted(uint256 offset, uint8 flip) external {
        keepRoot(T);
        bytes memory brought = partAt(T, 0);
        offset = bound(offset, 0, brought.length - 1);
        if (offset == 3 || flip == 0) return; // the mask is ignored
        brought[offset] ^= bytes1(flip);
        (bool ok, ) = address(oracle).call(abi.encodeCall(oracle.recordFixing, (T, brought)));
        assertFalse(ok);
        assertStatus(BTC, T, IOracle.Status.Unstored);
    }

    function test_proveFixing_agreesWithTheStoredFixing() external {
        oracle.record(reportAt(T));
        uint256 finalAt = now_() + DISPUTE;
        assertReverts(
            proveCall(BTC, T, partAt(T, 0)),
            abi.encodeWithSelector(IOracle.Provisional.selector, T, finalAt)
        );
        warp(finalAt);
        for (uint256 i; i < 9; ++i) {
            assertEq(oracle.proveFixing(feedId(4, i), T, partAt(T, 2)), oracle.fixing(feedId(4, i), T));
        }
    }

    function test_proveFixing_needsTheRightBundleAndTime() external {
        oracle.record(reportAt(T));
        skip(DISPUTE);
        bytes memory other = abi.encodeWithSelector(IOracle.NotInReport.selector, 0);
        assertReverts(proveCall(BTC, T, partAt(T, 2)), other);
        uint256 kept = uint224(uint256(rootOf(bundles, pricesAt(T).prices)));
        uint256 given = uint224(uint256(rootOf(bundles, pricesAt(T + 1).prices)));
        bytes memory mismatch = abi.encodeWithSelector(IOracle.RootMismatch.selector, given, kept);
        assertReverts(proveCall(BTC, T, partAt(T + 1, 0)), mismatch);
    }

    function test_proveAbsent_ofABundleThatWasLeftOut() external {
        for (uint256 which; which < 3; ++which) {
            uint256 time = T + which * PERIOD;
            warp(time + 7);
            Prices memory p = pricesWithout(time, which);
            oracle.record(wholeReport(signers, bundles, p));
            bytes32[] memory siblings = proofOf(bundles, p.prices, which);
            assertEq(oracle.proveAbsent(time, bundles[which].number, siblings), now_());
            assertStatus(feedId(bundles[which].number, 0), time, IOracle.Status.Unstored);
        }
    }

    function test_proveAbsent_notOfABundleThatIsThere() external {
        oracle.record(reportAt(T));
        for (uint256 which; which < 3; ++which) {
            bytes32[] memory siblings = proofOf(bundles, pricesAt(T).prices, which);
            (bool ok, bytes memory error_) = address(oracle).call(
                abi.encodeCall(oracle.proveAbsent, (T, bundles[which].number, siblings))
            );
            assertFalse(ok);
            assertEq(bytes32(bytes4(error_)), bytes32(IOracle.RootMismatch.selector));
        }
        bytes memory none = abi.encodeWithSelector(IOracle.NoFixing.selector, 0, T + PERIOD);
        assertReverts(abi.encodeCall(oracle.proveAbsent, (T + PERIOD, 0, new bytes32[](0))), none);
    }

    // ---------------------------------------------------------------------------------------------- voiding

    function test_voidFixing_ofAStoredFixing() external {
        oracle.record(reportAt(T));
        vm.expectEmit(address(oracle));
        emit FixingVoided(T, 0);
        oracle.voidFixing(T, 0);
        _assertVoid(BTC, T, 0);
        _assertVoid(FIFTH, T, 0);
        assertStatus(ALONE, T, IOracle.Status.Provisional);
        skip(DISPUTE);
        _assertVoid(BTC, T, 0);
        assertEq(oracle.fixing(ALONE, T), priceOf(ALONE, T), "other bundles are final");
        warp(T + SPAN);
        _assertVoid(BTC, T, 0);
    }

    function test_voidFixing_ofAnUnstoredFixing() external {
        keepRoot(T);
        oracle.voidFixing(T, 4);
        _assertVoid(NINTH, T, 2);
        bytes memory voided = abi.encodeWithSelector(IOracle.Voided.selector, 4, T);
        assertReverts(abi.encodeCall(oracle.recordFixing, (T, partAt(T, 2))), voided);
        oracle.record(reportAt(T)); // stores the other bundles, not this one
        _assertVoid(NINTH, T, 2);
        assertStatus(BTC, T, IOracle.Status.Provisional);
    }

    function test_voidFixing_afterTheRingHasMovedOnTouchesNoOtherTime() external {
        warp(T + SPAN - 10);
        oracle.record(reportAt(T)); // kept 10 seconds before the ring moves on
        warp(T + SPAN + 20);
        oracle.record(reportAt(T + SPAN));
        oracle.voidFixing(T, 0);
        assertStatus(BTC, T, IOracle.Status.Void);
        assertStatus(BTC, T + SPAN, IOracle.Status.Provisional);
        oracle.voidRoot(T);
        assertStatus(ALONE, T, IOracle.Status.Void);
        assertStatus(ALONE, T + SPAN, IOracle.Status.Provisional);
    }

    function test_voidRoot_voidsWhatIsStoredAndWhatIsNot() external {
        oracle.record(reportOf(T, 0, 1));
        vm.expectEmit(address(oracle));
        emit RootVoided(T, uint224(uint256(rootOf(bundles, pricesAt(T).prices))));
        oracle.voidRoot(T);
        for (uint256 which; which < 3; ++which) {
            _assertVoid(feedId(bundles[which].number, 0), T, which);
            bytes memory voided = abi.encodeWithSelector(IOracle.Voided.selector, bundles[which].number, T);
            assertReverts(abi.encodeCall(oracle.recordFixing, (T, partAt(T, which))), voided);
        }
        uint256 given = uint224(uint256(rootOf(bundles, pricesAt(T).prices)));
        bytes memory conflict = abi.encodeWithSelector(IOracle.RootConflict.selector, T, 0, given);
        assertReverts(abi.encodeCall(oracle.record, (reportAt(T))), conflict);
        warp(T + SPAN);
        _assertVoid(BTC, T, 0);
    }

    function test_voiding_onlyBeforeFinality() external {
        oracle.record(reportAt(T));
        uint256 finalAt = now_() + DISPUTE;
        warp(finalAt);
        bytes memory final_ = abi.encodeWithSelector(IOracle.AlreadyFinal.selector, T, finalAt);
        assertReverts(abi.encodeCall(oracle.voidFixing, (T, 0)), final_);
        assertReverts(abi.encodeCall(oracle.voidRoot, (T)), final_);
        warp(finalAt - 1);
        oracle.voidFixing(T, 0);
        bytes memory twice = abi.encodeWithSelector(IOracle.Voided.selector, 0, T);
        assertReverts(abi.encodeCall(oracle.voidFixing, (T, 0)), twice);
    }

    function test_voiding_needsAKeptRootAndABundle() external {
        bytes memory none = abi.encodeWithSelector(IOracle.NoFixing.selector, 0, T);
        assertReverts(abi.encodeCall(oracle.voidFixing, (T, 0)), none);
        none = abi.encodeWithSelector(IOracle.NoFixing.selector, 2 ** 24, T);
        assertReverts(abi.encodeCall(oracle.voidRoot, (T)), none);
        keepRoot(T);
        bytes memory unknown = abi.encodeWithSelector(IOracle.UnknownBundle.selector, 7);
        assertReverts(abi.encodeCall(oracle.voidFixing, (T, 7)), unknown);
    }

    function _assertVoid(FeedId feed, uint256 time, uint256 which) private {
        assertStatus(feed, time, IOracle.Status.Void);
        bytes memory voided = abi.encodeWithSelector(IOracle.Voided.selector, feed.bundle(), time);
        assertReverts(fixingCall(feed, time), voided);
        assertReverts(proveCall(feed, time, partAt(time, which)), voided);
        bytes32[] memory siblings = proofOf(bundles, pricesAt(time).prices, which);
        assertReverts(abi.encodeCall(oracle.proveAbsent, (time, feed.bundle(), siblings)), voided);
    }
}
