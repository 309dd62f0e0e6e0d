// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";

import {Feed, ICatalog} from "../interfaces/ICatalog.sol";
import {IOracle} from "../interfaces/IOracle.sol";
import {ExactTransfer} from "./ExactTransfer.sol";
import {ExpiryFixing, Proof} from "./ExpiryFixing.sol";
import {IOptions} from "./IOptions.sol";
import {IOptionSeries, Offer, SeriesPhase, SeriesState, SeriesTerms} from "./IOptionSeries.sol";
import {SeriesPayoff, Weights} from "./SeriesPayoff.sol";
import {SeriesTokens} from "./SeriesTokens.sol";

/// @title OptionSeries
/// @notice See IOptionSeries. Of a series one slot is stored, and for a list of times a bit for each that was
/// observed. A settled series keeps what was observed, from which all claims follow.
contract OptionSeries is IOptionSeries, SeriesTokens, Multicall, ReentrancyGuardTransient {
    using BitMaps for BitMaps.BitMap;
    using ExactTransfer for IERC20;
    using SafeERC20 for IERC20;

    uint256 private constant TIME_BYTES = 4;
    uint256 private constant MOST_TIMES = 1_024; // a list fits into calldata, their bits into four slots

    /// @inheritdoc IOptionSeries
    IOracle public immutable ORACLE;
    /// @inheritdoc IOptionSeries
    ICatalog public immutable CATALOG;
    uint256 private immutable DISPUTE;

    mapping(uint256 series => SeriesState) private _states;
    mapping(uint256 series => BitMaps.BitMap) private _observed;
    mapping(bytes32 offer => uint256 left) private _left;

    /// @param catalog Also says which oracle.
    constructor(ICatalog catalog) {
        (CATALOG, ORACLE) = (catalog, catalog.ORACLE());
        (, , DISPUTE, , , ) = catalog.ORACLE().config();
    }

    // ---------------------------------------------------------------------------------------------- writing

    /// @inheritdoc IOptionSeries
    function create(
        SeriesTerms calldata terms,
        bytes calldata times,
        uint128 amount
    ) external nonReentrant returns (uint256 series) {
        series = seriesOf(terms);
        SeriesState storage state = _states[series];
        if (state.phase == SeriesPhase.None) {
            _requireSound(terms);
            _requireTimes(terms, times);
            (state.phase, state.expiry) = (SeriesPhase.Open, terms.expiry);
            emit SeriesCreated(series, terms.feed, terms, times);
        }
        _write(series, terms, amount);
    }

    /// @inheritdoc IOptionSeries
    function write(SeriesTerms calldata terms, uint128 amount) external nonReentrant {
        _write(seriesOf(terms), terms, amount);
    }

    /// @inheritdoc IOptionSeries
    function close(SeriesTerms calldata terms, uint128 amount) external nonReentrant returns (uint256 collateral) {
        (uint256 series, ) = _open(terms);
        (uint256 width, uint256 unit) = _locked(terms);

        collateral = (amount * width) / unit;
        _burnPair(msg.sender, series, amount, amount);
        emit Closed(series, msg.sender, amount, collateral);
        terms.token.safeTransfer(msg.sender, collateral);
    }

    // ---------------------------------------------------------------------------------------------- trading

    /// @inheritdoc IOptionSeries
    function offer(Offer calldata terms, uint128 amount) external returns (bytes32 id) {
        if (msg.sender != terms.seller) revert NotOfferer(msg.sender, terms.seller);
        if (amount == 0) revert NoAmount();
        if (terms.lot == 0) revert NoLot();
        uint256 expiry = _requirePhase(_seriesOf(terms.token), SeriesPhase.Open).expiry;
        if (terms.buyBefore > expiry) revert IOptions.OfferTooLong(terms.buyBefore, expiry);
        _requireOngoing(terms);

        id = offerOf(terms);
        _left[id] += amount;
        emit Offered(id, terms.token, msg.sender, terms, amount);
    }

    /// @inheritdoc IOptionSeries
    function cancel(Offer calldata terms) external {
        if (msg.sender != terms.seller) revert NotOfferer(msg.sender, terms.seller);
        bytes32 id = offerOf(terms);

        _left[id] = 0;
        emit OfferCancelled(id);
    }

    /// @inheritdoc IOptionSeries
    function buy(Offer calldata terms, uint128 amount) external nonReentrant {
        if (amount == 0) revert NoAmount();
        bytes32 id = offerOf(terms);
        uint256 left = _left[id];
        if (amount > left) revert NotOffered(id, left, amount);
        _requireOngoing(terms);
        _requirePhase(_seriesOf(terms.token), SeriesPhase.Open);

        uint256 premium = Math.mulDiv(terms.premium, amount, terms.lot, Math.Rounding.Ceil);
        _left[id] = left - amount;
        emit Bought(id, msg.sender, amount, premium);
        if (premium != 0) terms.premiumToken.pull(terms.seller, premium);
        _move(terms.seller, msg.sender, terms.token, amount);
    }

    // ---------------------------------------------------------------------------------------------- settling

    /// @inheritdoc IOptionSeries
    function settle(SeriesTerms calldata terms, Proof[] calldata proofs) external nonReentrant {
        if (SeriesPayoff.isOverTimes(terms.kind)) revert ObserveInstead(terms.kind);
        (uint256 series, SeriesState storage state) = _open(terms);

        _observe(series, state, terms, terms.expiry, proofs);
        _finish(series, state, state.found != 0);
    }

    /// @inheritdoc IOptionSeries
    function observe(
        SeriesTerms calldata terms,
        bytes calldata times,
        uint256 index,
        Proof[] calldata proofs
    ) external nonReentrant {
        (uint256 series, SeriesState storage state) = _open(terms);
        _requireList(terms, times);
        uint256 count = times.length / TIME_BYTES;
        if (index >= count) revert NoSuchTime(index, count);
        uint256 time = _timeAt(times, index);
        if (_observed[series].get(index)) revert AlreadyObserved(series, time);

        _observed[series].set(index);
        _observe(series, state, terms, time, proofs);
        bool touched = state.found != 0 && SeriesPayoff.isTouched(terms.kind, terms.strike, state.total);
        bool enough = touched || 2 * uint256(state.found) > count;
        if (touched || state.observed == count) _finish(series, state, enough);
    }

    /// @inheritdoc IOptionSeries
    function claim(SeriesTerms calldata terms) external nonReentrant returns (uint256 amount) {
        uint256 series = seriesOf(terms);
        SeriesState memory state = _states[series];
        if (state.phase < SeriesPhase.Fixed) revert WrongSeriesPhase(series, state.phase, SeriesPhase.Fixed);
        uint256 longs = balanceOf(msg.sender, series);
        uint256 shorts = balanceOf(msg.sender, series + 1);
        if (longs + shorts == 0) revert NothingToClaim(series, msg.sender);

        Weights memory weights = _weights(terms, state);
        amount = (longs * weights.long + shorts * weights.short) / weights.unit;
        _burnPair(msg.sender, series, longs, shorts);
        emit Claimed(series, msg.sender, longs, shorts, amount);
        if (amount != 0) terms.token.safeTransfer(msg.sender, amount);
    }

    // ---------------------------------------------------------------------------------------------- reading

    /// @inheritdoc IOptionSeries
    function stateOf(uint256 series) external view returns (SeriesState memory) {
        return _states[series];
    }

    /// @inheritdoc IOptionSeries
    function isObserved(uint256 series, uint256 index) external view returns (bool) {
        return _observed[series].get(index);
    }

    /// @inheritdoc IOptionSeries
    function leftOf(bytes32 id) external view returns (uint256) {
        return _left[id];
    }

    /// @inheritdoc IOptionSeries
    function lockedOf(SeriesTerms calldata terms) external pure returns (uint256 width, uint256 unit) {
        return _locked(terms);
    }

    /// @inheritdoc IOptionSeries
    function seriesOf(SeriesTerms calldata terms) public pure returns (uint256) {
        return _seriesOf(uint256(keccak256(abi.encode(terms))));
    }

    /// @inheritdoc IOptionSeries
    function offerOf(Offer calldata terms) public pure returns (bytes32) {
        return keccak256(abi.encode(terms));
    }

    /// @inheritdoc IOptionSeries
    function weightsAt(SeriesTerms calldata terms, int80 total, uint16 found) public pure returns (Weights memory) {
        return SeriesPayoff.weights(terms.kind, terms.strike, terms.bound, terms.decimals, total, found);
    }

    // ---------------------------------------------------------------------------------------------- inside

    /// @dev The terms mean what their author thinks, and every payout of theirs can be computed.
    function _requireSound(SeriesTerms calldata terms) private view {
        if (terms.longShare > SeriesPayoff.WHOLE) revert IOptions.ShareTooLarge(terms.longShare, SeriesPayoff.WHOLE);
        Feed memory feed = CATALOG.feedOf(terms.feed);
        if (terms.decimals != feed.decimals) revert IOptions.WrongDecimals(terms.decimals, feed.decimals);
        if (terms.method != feed.method) revert IOptions.WrongMethod(terms.method, feed.method);
        SeriesPayoff.requireSound(terms.kind, terms.strike, terms.bound, terms.decimals);
    }

    /// @dev All times are fixing times to come, in order, the expiry last.
    function _requireTimes(SeriesTerms calldata terms, bytes calldata times) private view {
        _requireList(terms, times);
        uint256 last = block.timestamp;
        if (times.length == 0) return _requireTime(last, terms.expiry);
        for (uint256 i; i < times.length / TIME_BYTES; ++i) {
            uint256 time = _timeAt(times, i);
            _requireTime(last, time);
            last = time;
        }
        if (last != terms.expiry) revert LastTime(last, terms.expiry);
    }

    function _requireTime(uint256 previous, uint256 time) private pure {
        if (time <= previous) revert TimesOrder(previous, time);
        if (time % ExpiryFixing.PERIOD != 0) revert IOptions.NotAFixingTime(time, ExpiryFixing.PERIOD);
    }

    /// @dev The list is the one of the terms, and of a length that the kind can have.
    function _requireList(SeriesTerms calldata terms, bytes calldata times) private pure {
        bool sound =
            SeriesPayoff.isOverTimes(terms.kind)
                ? times.length != 0 && times.length % TIME_BYTES == 0 && times.length <= MOST_TIMES * TIME_BYTES
                : times.length == 0;
        if (!sound) revert BadTimes(terms.kind, times.length);
        bytes32 given = times.length == 0 ? bytes32(0) : keccak256(times);
        if (given != terms.times) revert WrongTimes(given, terms.times);
    }

    function _write(uint256 series, SeriesTerms calldata terms, uint128 amount) private {
        _requirePhase(series, SeriesPhase.Open);
        if (block.timestamp >= terms.expiry) revert SeriesEnded(terms.expiry, block.timestamp);
        if (amount == 0) revert NoAmount();
        (uint256 width, uint256 unit) = _locked(terms);
        if ((amount * width) % unit != 0) revert FractionLocked(amount, width, unit);

        uint256 collateral = (amount * width) / unit;
        emit Written(series, msg.sender, amount, collateral);
        terms.token.pull(address(this), collateral);
        _mintPair(msg.sender, series, amount);
    }

    /// @dev What counts for `time` is found and added. Reverts while that is not known.
    function _observe(
        uint256 series,
        SeriesState storage state,
        SeriesTerms calldata terms,
        uint256 time,
        Proof[] calldata proofs
    ) private {
        (bool found, int256 price, uint256 back) = ExpiryFixing.find(ORACLE, DISPUTE, terms.feed, time, proofs);
        ++state.observed;
        if (!found) {
            emit Missed(series, time);
            return;
        }
        // 1,024 prices of 56 bits.
        state.total = int80(SeriesPayoff.add(terms.kind, state.total, state.found, price));
        ++state.found;
        emit Observed(series, time, price, back);
    }

    /// @dev On what was found, or by the share.
    function _finish(uint256 series, SeriesState storage state, bool enough) private {
        state.phase = enough ? SeriesPhase.Fixed : SeriesPhase.Split;
        if (enough) emit Settled(series, state.total, state.found);
        else emit SettledBySplit(series);
    }

    function _weights(SeriesTerms calldata terms, SeriesState memory state) private pure returns (Weights memory) {
        if (state.phase == SeriesPhase.Split) {
            (uint256 width, uint256 unit) = _locked(terms);
            return SeriesPayoff.split(width, unit, terms.longShare);
        }
        return weightsAt(terms, state.total, state.found);
    }

    function _open(SeriesTerms calldata terms) private view returns (uint256 series, SeriesState storage state) {
        series = seriesOf(terms);
        state = _requirePhase(series, SeriesPhase.Open);
    }

    function _requirePhase(uint256 series, SeriesPhase expected) private view returns (SeriesState storage state) {
        state = _states[series];
        if (state.phase != expected) revert WrongSeriesPhase(series, state.phase, expected);
    }

    function _requireOngoing(Offer calldata terms) private view {
        if (block.timestamp >= terms.buyBefore) revert IOptions.OfferEnded(terms.buyBefore, block.timestamp);
    }

    function _locked(SeriesTerms calldata terms) private pure returns (uint256 width, uint256 unit) {
        return SeriesPayoff.locked(terms.kind, terms.strike, terms.bound, terms.decimals);
    }

    /// @dev Of a list that holds it.
    function _timeAt(bytes calldata times, uint256 index) private pure returns (uint256) {
        return uint32(bytes4(times[index * TIME_BYTES:]));
    }
}
