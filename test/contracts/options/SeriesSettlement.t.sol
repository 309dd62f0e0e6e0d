// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {NO_PRICE} from "../../../contracts/FeedId.sol";
import {Proof} from "../../../contracts/options/ExpiryFixing.sol";
import {SeriesPhase, SeriesState, SeriesTerms} from "../../../contracts/options/IOptionSeries.sol";
import {SeriesKind, SeriesPayoff} from "../../../contracts/options/SeriesPayoff.sol";
import {SeriesWorld} from "./SeriesWorld.sol";

/// @notice What a list of times is settled on depends on what was recorded, never on who observes which time first, or
/// when, or with what. Random histories are played; somebody tries random times at every moment of them.
/// Settlement.t.sol shows the same of one time, exhaustively.
contract SeriesSettlementTest is SeriesWorld {
    /// @dev What happens to the fixing of one time, and to one of the twelve before it.
    enum Fate {
        Missing,
        Stored,
        Unstored,
        NoPrice,
        Absent,
        Void,
        Late
    }

    struct Fixing {
        Fate fate;
        uint256 time;
        uint256 keptAt;
        int256 price;
    }

    struct Step {
        uint256 moment;
        bool voids;
        uint256 which;
    }

    uint256 private constant COUNT = 4;

    SeriesTerms private _series;
    bytes private _times;
    Fixing[2 * COUNT] private _fixings; // of each time, and of one before it
    uint256[COUNT] private _backs;
    Step[] private _steps;

    function setUp() external {
        _buildSeries();
        _times = _days(COUNT);
    }

    function testFuzz_aList_isSettledAlikeByWhoeverAsks(uint256 seed, uint256 kind, uint256 asks) external {
        _series = _terms(SeriesKind(5 + (kind % 4)), _times);
        _sell(_series, _times, UNIT);
        _write(seed);
        _play(asks);
        (SeriesPhase phase, int256 total, uint256 found) = _model();
        SeriesState memory state = desk.stateOf(desk.seriesOf(_series));
        assertEq(uint256(state.phase), uint256(phase));
        bool touch = _series.kind >= SeriesKind.TouchUp;
        if (touch && phase == SeriesPhase.Fixed) {
            // A touch ends it early, so another total may stand there: it is touched all the same, or was never.
            assertEq(
                SeriesPayoff.isTouched(_series.kind, _series.strike, state.total),
                SeriesPayoff.isTouched(_series.kind, _series.strike, total)
            );
            return;
        }
        assertEq(state.found, found);
        assertEq(state.observed, COUNT);
        if (found != 0) assertEq(state.total, total);
    }

    // ---------------------------------------------------------------------------------------------- the history

    function _write(uint256 seed) private {
        for (uint256 i; i < 2 * COUNT; ++i) {
            uint256 random = uint256(keccak256(abi.encode(seed, i)));
            if (i < COUNT) _backs[i] = 1 + ((random >> 200) % 12);
            Fixing storage one = _fixings[i];
            one.fate = random % 2 == 0 ? Fate.Missing : Fate((random >> 8) % 7);
            one.time = _at(_times, i % COUNT) - (i < COUNT ? 0 : _backs[i % COUNT] * PERIOD);
            one.price = int256((random >> 16) % 100_00) + 55_00;
            uint256 deadline = _at(_times, i % COUNT) + GRACE;
            one.keptAt = one.time + ((random >> 64) % 2 == 0 ? (random >> 80) % 1 hours : (random >> 80) % GRACE);
            if (one.fate == Fate.Late) one.keptAt = deadline + 1 + ((random >> 80) % 2 days);
            if (one.fate == Fate.Missing) continue;
            _steps.push(Step(one.keptAt, false, i));
            if (one.fate == Fate.Void) _steps.push(Step(one.keptAt + ((random >> 160) % DISPUTE), true, i));
        }
        for (uint256 i = 1; i < _steps.length; ++i) {
            Step memory step = _steps[i];
            uint256 j = i;
            for (; j != 0 && _steps[j - 1].moment > step.moment; --j) _steps[j] = _steps[j - 1];
            _steps[j] = step;
        }
    }

    function _play(uint256 asks) private {
        for (uint256 i; i < _steps.length; ++i) {
            Step memory step = _steps[i];
            warp(step.moment);
            if (step.voids) oracle.voidFixing(_fixings[step.which].time, 1);
            else _keep(_fixings[step.which]);
            asks = uint256(keccak256(abi.encode(asks)));
            if (asks % 3 == 0) continue;
            skip(i + 1 < _steps.length ? (asks >> 8) % (_steps[i + 1].moment - now_() + 1) : 0);
            if (asks % 3 == 1) _try((asks >> 100) % COUNT, (asks >> 120) % 2 == 0);
            else for (uint256 k; k < COUNT; ++k) _try((k + (asks >> 100)) % COUNT, true);
        }
        // From the end of the last dispute on, all is known.
        warp(EXPIRY + GRACE + 3 days + DISPUTE);
        for (uint256 k; k < COUNT; ++k) {
            uint256 index = (k + (asks % COUNT)) % COUNT;
            if (desk.stateOf(desk.seriesOf(_series)).phase != SeriesPhase.Open) return;
            if (!desk.isObserved(desk.seriesOf(_series), index)) desk.observe(_series, _times, index, _proofs(index));
        }
    }

    function _try(uint256 index, bool withProofs) private {
        try desk.observe(_series, _times, index, withProofs ? _proofs(index) : new Proof[](0)) {} catch {}
    }

    function _keep(Fixing memory one) private {
        if (one.fate == Fate.Absent) return _recordWithout(one.time);
        _record(one.time, one.fate == Fate.NoPrice ? NO_PRICE : one.price, one.fate != Fate.Unstored);
    }

    function _proofs(uint256 index) private view returns (Proof[] memory proofs) {
        proofs = new Proof[](13);
        for (uint256 i; i < 2; ++i) {
            Fixing memory one = _fixings[index + i * COUNT];
            uint256 back = i == 0 ? 0 : _backs[index];
            if (one.fate == Fate.Missing) continue;
            proofs[back] =
                one.fate == Fate.Absent ? _absence() : _proof(one.fate == Fate.NoPrice ? NO_PRICE : one.price);
        }
    }

    // ---------------------------------------------------------------------------------------------- the model

    function _model() private view returns (SeriesPhase phase, int256 total, uint256 found) {
        bool touched;
        for (uint256 i; i < COUNT; ++i) {
            Fixing memory one = _fixings[i];
            if (!_isGood(one.fate)) one = _fixings[i + COUNT];
            if (!_isGood(one.fate)) continue;
            SeriesKind kind = _series.kind;
            if (kind == SeriesKind.TouchUp) total = found == 0 || one.price > total ? one.price : total;
            else if (kind == SeriesKind.TouchDown) total = found == 0 || one.price < total ? one.price : total;
            else total += one.price;
            ++found;
            if (kind == SeriesKind.TouchUp && one.price >= _series.strike) touched = true;
            if (kind == SeriesKind.TouchDown && one.price <= _series.strike) touched = true;
        }
        phase = touched || found > COUNT / 2 ? SeriesPhase.Fixed : SeriesPhase.Split;
    }

    function _isGood(Fate fate) private pure returns (bool) {
        return fate == Fate.Stored || fate == Fate.Unstored;
    }
}
