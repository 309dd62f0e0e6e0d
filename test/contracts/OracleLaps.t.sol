// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FeedId, feedId} from "../../contracts/FeedId.sol";
import {IOracle} from "../../contracts/interfaces/IOracle.sol";
import {OracleTest} from "./utils/OracleTest.sol";
import {Choice} from "./utils/Reports.sol";

/// @dev Fixings over years: times that share a slot of the fixings (28.4 days apart) or of the roots (a year apart) are
/// recorded, brought, voided and read in any order, while the clock jumps to where one takes the place of the other.
contract Laps is OracleTest {
    uint256 private constant TIMES = 10;

    struct Memory {
        uint256 since; // when the root was kept, 0 if it is not
        bool rootVoided;
        bool[3] voided; // by bundle
        bool[3] stored;
        bool[3] wasFinal;
        bool[3] wasVoid;
    }

    mapping(uint256 time => Memory) private _fixings;

    constructor() {
        setUp();
    }

    /// @dev Two neighbours on five laps: of the fixings the first three and the last two, of the roots the first two and
    /// the last two.
    function timeOf(uint256 which) public pure returns (uint256) {
        uint256[5] memory starts = [uint256(0), SPAN, 2 * SPAN, YEAR, YEAR + SPAN];
        return START + starts[which / 2] + (which % 2) * PERIOD;
    }

    // ---------------------------------------------------------------------------------------------- what happens

    function wait(uint256 seconds_) external {
        skip(bound(seconds_, 1, 1 hours));
    }

    /// @dev Over some moments, to one at which something begins or ends at one of the times, or the second before it.
    function leap(uint256 moments, bool before) external {
        for (moments = 1 + (moments % 6); moments != 0; --moments) {
            uint256 next = _nextMoment();
            if (next == type(uint256).max) return;
            warp(moments == 1 && before && next > now_() + 1 ? next - 1 : next);
        }
    }

    function _nextMoment() private view returns (uint256 next) {
        uint256[4] memory ends = [uint256(0), DISPUTE, SPAN, YEAR];
        next = type(uint256).max;
        for (uint256 i; i < TIMES; ++i) {
            for (uint256 j; j < 4; ++j) {
                uint256 moment = timeOf(i) + ends[j];
                if (moment > now_() && moment < next) next = moment;
            }
        }
    }

    /// @dev Anyone records the report of a time, storing the fixings of some bundles.
    function record(uint256 which, uint256 mask) external {
        uint256 time = timeOf(bound(which, 0, TIMES - 1));
        if (time > now_()) return;
        Choice[] memory choices = wholeChoices(bundles, pricesAt(time).prices);
        for (uint256 i; i < 3; ++i) choices[i].mask = (mask >> i) & 1;
        bytes memory report_ = report(signers, bundles, pricesAt(time), choices);
        Memory storage fixing = _fixings[time];
        (bool ok, ) = address(oracle).call(abi.encodeCall(oracle.record, (report_)));
        bool open = now_() - time < SPAN;
        assertEq(ok, !(open && fixing.rootVoided), "record");
        if (!ok || !open) return;
        if (fixing.since == 0) fixing.since = now_();
        for (uint256 i; i < 3; ++i) if ((mask >> i) & 1 == 1) fixing.stored[i] = true;
    }

    /// @dev Anyone brings a part without signatures.
    function bring(uint256 which, uint256 bundle) external {
        uint256 time = timeOf(bound(which, 0, TIMES - 1));
        bundle = bound(bundle, 0, 2);
        Memory storage fixing = _fixings[time];
        (bool ok, ) = address(oracle).call(abi.encodeCall(oracle.recordFixing, (time, partAt(time, bundle))));
        assertEq(ok, _kept(time) && !_isVoid(fixing, bundle) && now_() - time < SPAN, "bring");
        if (ok) fixing.stored[bundle] = true;
    }

    function voidFixing(uint256 which, uint256 bundle) external {
        uint256 time = timeOf(bound(which, 0, TIMES - 1));
        bundle = bound(bundle, 0, 2);
        Memory storage fixing = _fixings[time];
        (bool ok, ) = address(oracle).call(abi.encodeCall(oracle.voidFixing, (time, bundles[bundle].number)));
        assertEq(ok, _kept(time) && !_isVoid(fixing, bundle) && now_() < fixing.since + DISPUTE, "voidFixing");
        if (ok) fixing.voided[bundle] = true;
    }

    function voidRoot(uint256 which) external {
        uint256 time = timeOf(bound(which, 0, TIMES - 1));
        Memory storage fixing = _fixings[time];
        (bool ok, ) = address(oracle).call(abi.encodeCall(oracle.voidRoot, (time)));
        assertEq(ok, _kept(time) && !fixing.rootVoided && now_() < fixing.since + DISPUTE, "voidRoot");
        if (ok) fixing.rootVoided = true;
    }

    function _kept(uint256 time) private view returns (bool) {
        return _fixings[time].since != 0 && now_() - time < YEAR;
    }

    function _isVoid(Memory storage fixing, uint256 bundle) private view returns (bool) {
        return fixing.rootVoided || fixing.voided[bundle];
    }

    // ---------------------------------------------------------------------------------------------- invariants

    /// @dev 2, 3, 4: every time has its own status and price, whoever had its slots before or has them now; what was
    /// final stays final, and what was void stays void, until both are expired.
    function checkTimes() external {
        for (uint256 i; i < TIMES; ++i) {
            uint256 time = timeOf(i);
            for (uint256 bundle; bundle < 3; ++bundle) {
                IOracle.Status expected = _expected(time, bundle);
                FeedId feed = feedId(bundles[bundle].number, bundles[bundle].feeds - 1);
                assertStatus(feed, time, expected);
                (, , uint256 since) = oracle.tryFixing(feed, time);
                assertEq(since, _kept(time) ? _fixings[time].since : 0, "since");
                _checkReads(feed, time, bundle, expected);
                _checkForEver(_fixings[time], bundle, expected);
            }
        }
    }

    function _expected(uint256 time, uint256 bundle) private view returns (IOracle.Status) {
        if (time > now_()) return IOracle.Status.None;
        Memory storage fixing = _fixings[time];
        if (now_() - time >= YEAR) return IOracle.Status.Expired;
        if (fixing.since == 0) return IOracle.Status.None;
        if (_isVoid(fixing, bundle)) return IOracle.Status.Void;
        if (now_() - time >= SPAN) return IOracle.Status.Expired;
        if (!fixing.stored[bundle]) return IOracle.Status.Unstored;
        return now_() < fixing.since + DISPUTE ? IOracle.Status.Provisional : IOracle.Status.Final;
    }

    function _checkReads(FeedId feed, uint256 time, uint256 bundle, IOracle.Status expected) private view {
        try oracle.fixing(feed, time) returns (int256 price) {
            assertEq(uint256(expected), uint256(IOracle.Status.Final), "fixing answers for final ones only");
            assertEq(price, priceOf(feed, time), "fixing");
        } catch {
            assertTrue(expected != IOracle.Status.Final, "fixing of a final one");
        }
        Memory storage fixing = _fixings[time];
        bool provable = _kept(time) && !_isVoid(fixing, bundle) && now_() >= fixing.since + DISPUTE;
        try oracle.proveFixing(feed, time, partAt(time, bundle)) returns (int256 price) {
            assertTrue(provable, "proven, but not provable");
            assertEq(price, priceOf(feed, time), "proven");
        } catch {
            assertFalse(provable, "provable, but not proven");
        }
    }

    function _checkForEver(Memory storage fixing, uint256 bundle, IOracle.Status status) private {
        bool expired = status == IOracle.Status.Expired;
        if (fixing.wasFinal[bundle]) assertTrue(status == IOracle.Status.Final || expired, "final, and then not");
        if (fixing.wasVoid[bundle]) assertTrue(status == IOracle.Status.Void || expired, "void, and then not");
        if (status == IOracle.Status.Final) fixing.wasFinal[bundle] = true;
        if (status == IOracle.Status.Void) fixing.wasVoid[bundle] = true;
    }
}

/// @dev Invariants 2 to 4 of docs/invariants.md where the rings come round.
contract OracleLapsTest is OracleTest {
    Laps private laps;

    function setUp() public override {
        laps = new Laps();
        bytes4[] memory doings = new bytes4[](6);
        doings[0] = Laps.wait.selector;
        doings[1] = Laps.leap.selector;
        doings[2] = Laps.record.selector;
        doings[3] = Laps.bring.selector;
        doings[4] = Laps.voidFixing.selector;
        doings[5] = Laps.voidRoot.selector;
        targetContract(address(laps));
        targetSelector(address(laps), doings);
    }

    function invariant_everyTimeHasItsOwnFixings() external {
        laps.checkTimes();
    }

    /// @dev The times meet in the slots they are meant to meet in.
    function test_theTimesShareSlots() external view {
        assertEq((laps.timeOf(2) - laps.timeOf(0)) / PERIOD, 8_192);
        assertEq((laps.timeOf(4) - laps.timeOf(2)) / PERIOD, 8_192);
        assertEq((laps.timeOf(6) - laps.timeOf(0)) / PERIOD, 105_120);
        assertEq((laps.timeOf(9) - laps.timeOf(3)) / PERIOD, 105_120);
    }
}
