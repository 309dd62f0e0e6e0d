// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {NO_PRICE} from "../../../contracts/FeedId.sol";
import {Proof} from "../../../contracts/options/ExpiryFixing.sol";
import {Phase, State, Terms} from "../../../contracts/options/IOptions.sol";
import {OptionWorld} from "./OptionWorld.sol";

/// @notice The answer depends on what was recorded, never on who asks when with what. Histories are played second by
/// second as far as it matters: before and after everything that happens somebody tries to settle, with all proofs and
/// with none, and the try is undone. All tries that succeed must say what a model says that knows the whole history.
contract SettlementTest is OptionWorld {
    /// @dev What happens to the fixing of one time.
    enum Fate {
        Missing,
        Stored,
        StoredLater, // unstored at first; recordFixing just before the oracle's span ends
        Unstored,
        StoredNoPrice,
        UnstoredNoPrice,
        Absent,
        StoredVoid,
        UnstoredVoid,
        RootVoid,
        AbsentVoid
    }

    enum Act {
        Keep,
        Store,
        Void,
        Try
    }

    struct Fixing {
        Fate fate;
        uint256 keptAt;
        int256 price;
    }

    struct Step {
        uint256 moment;
        Act act;
        uint256 back;
    }

    error Undone(bool found, int256 price, uint256 back);
    error Played();

    uint256 private constant FATES = uint256(Fate.AbsentVoid) + 1;

    Terms private _terms;
    Fixing[13] private _history;
    Step[] private _steps;
    bytes32 private _answer;
    uint256 private _answers;

    function setUp() external {
        _build();
        _terms = _call();
        _sell(_terms);
    }

    // ---------------------------------------------------------------------------------------------- histories

    uint256 private constant PAIRS = FATES * FATES * 9;

    /// @dev Every pair of fates at the expiry and before it, recorded in time, on the deadline or after it; the third
    /// time back is good. Four pairs a run; the deep suite meets all of them.
    function testFuzz_pairsOfFates_areSettledAlikeAtEveryMoment(uint256 first) external {
        for (uint256 i; i < 4; ++i) _playAndUndo(((first % PAIRS) + (i * PAIRS) / 4) % PAIRS);
    }

    function _playAndUndo(uint256 i) private {
        for (uint256 back; back < 3; ++back) {
            _history[back] = Fixing(Fate.Stored, EXPIRY + 5, int256(110_00 + back));
        }
        (_history[0].fate, _history[1].fate) = (Fate(i % FATES), Fate((i / FATES) % FATES));
        i /= FATES * FATES;
        (_history[0].keptAt, _history[1].keptAt) = (_moment(i % 3), _moment(i / 3));
        try this.play() {} catch (bytes memory reason) {
            assertEq(reason, abi.encodeWithSelector(Played.selector));
        }
    }

    function _moment(uint256 choice) private pure returns (uint256) {
        if (choice == 0) return EXPIRY + 30;
        return choice == 1 ? DEADLINE : DEADLINE + 1;
    }

    function testFuzz_anyHistory_isSettledAlikeAtEveryMoment(uint256 seed, uint256 bad) external {
        bad = bound(bad, 0, 13); // so many times, newest first, are rarely good
        for (uint256 back; back <= 12; ++back) {
            uint256 random = uint256(keccak256(abi.encode(seed, back)));
            Fixing storage one = _history[back];
            one.fate = Fate(random % FATES);
            if (back < bad && random >> 250 != 0 && _priced(one.fate)) one.fate = Fate.Missing;
            one.price = int256(uint256(uint56(random >> 8))) - 2 ** 55;
            if (one.price <= NO_PRICE + 1) one.price = 0;
            uint256 late = (random >> 64) % 4;
            uint256 delay = late == 3 ? GRACE - 2 + ((random >> 80) % 5) : (random >> 80) % (late == 2 ? 8 days : 3600);
            one.keptAt = (back < 2 && late == 1 ? EXPIRY - back * PERIOD : EXPIRY) + delay;
        }
        try this.play() {} catch (bytes memory reason) {
            assertEq(reason, abi.encodeWithSelector(Played.selector));
        }
    }

    // ---------------------------------------------------------------------------------------------- the play

    /// @dev Plays _history from the expiry to the end, then undoes it.
    function play() external {
        _script();
        (bool found, int256 price, uint256 back) = _model();
        _answer = keccak256(abi.encode(found, price, back));
        for (uint256 i; i < _steps.length; ++i) {
            Step memory step = _steps[i];
            if (i == 0 || _steps[i - 1].moment < step.moment) {
                warp(step.moment - 1);
                _try(step.moment - 1);
                warp(step.moment);
                _try(step.moment);
            }
            if (step.act == Act.Keep) _keep(step.back);
            else if (step.act == Act.Store) oracle.recordFixing(_time(step.back), _proofs()[step.back].part);
            else if (step.act == Act.Void) _void(step.back);
            _try(step.moment);
        }
        assertGt(_answers, 0);

        // Nobody asked in time: the share decides.
        warp(EXPIRY + LAST);
        (bool settled, bytes memory result) = _outcome(new Proof[](0));
        assertTrue(settled);
        assertEq(result, abi.encode(false, int256(0), 0));
        revert Played();
    }

    /// @dev What happens, in the order of time.
    function _script() private {
        for (uint256 back; back <= 12; ++back) {
            Fixing storage one = _history[back];
            if (one.fate == Fate.Missing) continue;
            _schedule(Step(one.keptAt, Act.Keep, back));
            if (_voided(one.fate)) _schedule(Step(one.keptAt + DISPUTE - 1, Act.Void, back));
            else _schedule(Step(one.keptAt + DISPUTE, Act.Try, back));
            if (one.fate == Fate.StoredLater) _schedule(Step(_time(back) + SPAN - 1, Act.Store, back));
        }
        _schedule(Step(EXPIRY, Act.Try, 0));
        _schedule(Step(DEADLINE, Act.Try, 0));
        _schedule(Step(DEADLINE + 1, Act.Try, 0));
        _schedule(Step(DEADLINE + DISPUTE, Act.Try, 0));
        for (uint256 back; back <= 12; back += 6) _schedule(Step(_time(back) + SPAN, Act.Try, 0));
        _schedule(Step(EXPIRY + 100 days, Act.Try, 0));
        _schedule(Step(EXPIRY + LAST - 1, Act.Try, 0));
    }

    function _schedule(Step memory step) private {
        _steps.push(step);
        uint256 i = _steps.length - 1;
        for (; i != 0 && _steps[i - 1].moment > step.moment; --i) _steps[i] = _steps[i - 1];
        _steps[i] = step;
    }

    /// @dev The newest fixing that is kept by the deadline, not void, and has a price.
    function _model() private view returns (bool, int256, uint256) {
        for (uint256 back; back <= 12; ++back) {
            Fixing memory one = _history[back];
            if (_priced(one.fate) && one.keptAt <= DEADLINE) return (true, one.price, back);
        }
        return (false, 0, 0);
    }

    function _priced(Fate fate) private pure returns (bool) {
        return fate == Fate.Stored || fate == Fate.StoredLater || fate == Fate.Unstored;
    }

    function _voided(Fate fate) private pure returns (bool) {
        return fate >= Fate.StoredVoid;
    }

    function _keep(uint256 back) private {
        Fixing memory one = _history[back];
        if (one.fate == Fate.Absent || one.fate == Fate.AbsentVoid) return _recordWithout(_time(back));
        bool unpriced = one.fate == Fate.StoredNoPrice || one.fate == Fate.UnstoredNoPrice;
        bool stored = one.fate == Fate.Stored || one.fate == Fate.StoredNoPrice || one.fate == Fate.StoredVoid;
        _record(_time(back), unpriced ? NO_PRICE : one.price, stored);
    }

    function _void(uint256 back) private {
        if (_history[back].fate == Fate.RootVoid) oracle.voidRoot(_time(back));
        else oracle.voidFixing(_time(back), 1);
    }

    /// @dev What the house's archive holds: a proof for every time of which there was a report.
    function _proofs() private view returns (Proof[] memory proofs) {
        proofs = new Proof[](13);
        for (uint256 back; back <= 12; ++back) {
            Fixing memory one = _history[back];
            if (one.fate == Fate.Missing) continue;
            bool absent = one.fate == Fate.Absent || one.fate == Fate.AbsentVoid;
            bool unpriced = one.fate == Fate.StoredNoPrice || one.fate == Fate.UnstoredNoPrice;
            proofs[back] = absent ? _absence() : _proof(unpriced ? NO_PRICE : one.price);
        }
    }

    function _time(uint256 back) private pure returns (uint256) {
        return EXPIRY - back * PERIOD;
    }

    // ---------------------------------------------------------------------------------------------- trying

    /// @dev Whoever settles now must get the one answer, or none; and from the end of the last dispute on he gets it.
    function _try(uint256 moment) private {
        (bool settled, bytes memory result) = _outcome(_proofs());
        if (settled) {
            ++_answers;
            assertEq(keccak256(result), _answer);
        }
        if (moment >= DEADLINE + DISPUTE) assertTrue(settled, string(result));
        (settled, result) = _outcome(new Proof[](0));
        if (settled) assertEq(keccak256(result), _answer);
    }

    function _outcome(Proof[] memory proofs) private returns (bool settled, bytes memory result) {
        try this.settleAndUndo(proofs) {} catch (bytes memory reason) {
            settled = bytes4(reason) == Undone.selector;
            result = reason;
            if (settled) {
                assembly {
                    result := add(reason, 4)
                    mstore(result, sub(mload(reason), 4))
                }
            }
        }
    }

    function settleAndUndo(Proof[] calldata proofs) external {
        options.settle(_terms, proofs);
        State memory state = options.stateOf(options.idOf(_terms));
        revert Undone(state.phase == Phase.Fixed, state.price, state.back);
    }
}
