// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {Feed, ICatalog} from "../interfaces/ICatalog.sol";
import {IOracle} from "../interfaces/IOracle.sol";
import {ExactTransfer} from "./ExactTransfer.sol";
import {ExpiryFixing, Proof} from "./ExpiryFixing.sol";
import {IOptions, Phase, Side, State, Terms} from "./IOptions.sol";
import {Payoff} from "./Payoff.sol";

/// @title Options
/// @notice See IOptions. Of an option only its state is stored, in one slot for life unless the seller's side changes
/// hands: the terms come with every call and are checked against their hash, and a settled option keeps the fixing, from
/// which both claims follow.
contract Options is IOptions, ReentrancyGuardTransient {
    using ExactTransfer for IERC20;
    using SafeERC20 for IERC20;

    /// @inheritdoc IOptions
    IOracle public immutable ORACLE;
    /// @inheritdoc IOptions
    ICatalog public immutable CATALOG;
    uint256 private immutable DISPUTE;

    mapping(bytes32 id => State) private _states;

    /// @param catalog Also says which oracle.
    constructor(ICatalog catalog) {
        (CATALOG, ORACLE) = (catalog, catalog.ORACLE());
        (, , DISPUTE, , , ) = catalog.ORACLE().config();
    }

    // ---------------------------------------------------------------------------------------------- before the expiry

    /// @inheritdoc IOptions
    function create(Terms calldata terms) external nonReentrant returns (bytes32 id) {
        if (msg.sender != terms.seller) revert NotSeller(msg.sender, terms.seller);
        State storage state;
        (id, state) = _find(terms, Phase.None);
        if (terms.expiry % ExpiryFixing.PERIOD != 0) revert NotAFixingTime(terms.expiry, ExpiryFixing.PERIOD);
        if (terms.buyBefore > terms.expiry) revert OfferTooLong(terms.buyBefore, terms.expiry);
        if (block.timestamp >= terms.buyBefore) revert OfferEnded(terms.buyBefore, block.timestamp);
        if (terms.buyerShare > Payoff.WHOLE) revert ShareTooLarge(terms.buyerShare, Payoff.WHOLE);
        Feed memory feed = CATALOG.feedOf(terms.feed);
        if (terms.decimals != feed.decimals) revert WrongDecimals(terms.decimals, feed.decimals);
        if (terms.method != feed.method) revert WrongMethod(terms.method, feed.method);
        uint256 collateral = _collateral(terms);
        if (collateral == 0) revert NothingToLock(terms.size);

        state.phase = Phase.Offered;
        emit Created(id, terms.seller, terms.feed, terms);
        terms.token.pull(address(this), collateral);
    }

    /// @inheritdoc IOptions
    function cancel(Terms calldata terms) external nonReentrant {
        if (msg.sender != terms.seller) revert NotSeller(msg.sender, terms.seller);
        (bytes32 id, State storage state) = _find(terms, Phase.Offered);

        state.phase = Phase.Cancelled;
        emit Cancelled(id);
        terms.token.safeTransfer(terms.seller, _collateral(terms));
    }

    /// @inheritdoc IOptions
    function buy(Terms calldata terms) external nonReentrant {
        (bytes32 id, State storage state) = _find(terms, Phase.Offered);
        if (block.timestamp >= terms.buyBefore) revert OfferEnded(terms.buyBefore, block.timestamp);

        (state.buyer, state.phase) = (msg.sender, Phase.Sold);
        emit Bought(id, msg.sender);
        if (terms.premium != 0) terms.premiumToken.pull(terms.seller, terms.premium);
    }

    // ---------------------------------------------------------------------------------------------- after the expiry

    /// @inheritdoc IOptions
    function settle(Terms calldata terms, Proof[] calldata proofs) external nonReentrant {
        (bytes32 id, State storage state) = _find(terms, Phase.Sold);
        (bool found, int256 price, uint256 back) = ExpiryFixing.find(ORACLE, DISPUTE, terms.feed, terms.expiry, proofs);

        if (found) {
            // The oracle's prices are 56 bits; back is at most 12.
            (state.phase, state.price, state.back) = (Phase.Fixed, int56(price), uint8(back));
            emit Settled(id, terms.expiry - back * ExpiryFixing.PERIOD, price);
        } else {
            state.phase = Phase.Split;
            emit SettledBySplit(id);
        }
    }

    /// @inheritdoc IOptions
    function claim(Terms calldata terms, Side side) external nonReentrant returns (uint256 amount) {
        bytes32 id = idOf(terms);
        State storage state = _states[id];
        Phase phase = state.phase;
        if (phase != Phase.Fixed && phase != Phase.Split) revert WrongPhase(id, phase, Phase.Fixed);
        _requireHeld(id, terms, side, state);

        uint256 collateral = _collateral(terms);
        amount = phase == Phase.Fixed ? _payout(terms, state.price) : Payoff.split(collateral, terms.buyerShare);
        if (side == Side.Buyer) {
            state.buyerPaid = true;
        } else {
            state.sellerPaid = true;
            amount = collateral - amount;
        }
        emit Claimed(id, side, msg.sender, amount);
        if (amount != 0) terms.token.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc IOptions
    function transferSide(Terms calldata terms, Side side, address to) external nonReentrant {
        bytes32 id = idOf(terms);
        State storage state = _states[id];
        if (state.phase < Phase.Sold) revert WrongPhase(id, state.phase, Phase.Sold);
        _requireHeld(id, terms, side, state);
        if (to == address(0)) revert ZeroHolder();

        if (side == Side.Buyer) state.buyer = to;
        else state.seller = to;
        emit SideTransferred(id, side, msg.sender, to);
    }

    // ---------------------------------------------------------------------------------------------- reading

    /// @inheritdoc IOptions
    function stateOf(bytes32 id) external view returns (State memory) {
        return _states[id];
    }

    /// @inheritdoc IOptions
    function holderOf(Terms calldata terms, Side side) external view returns (address) {
        return _holder(terms, side, _states[idOf(terms)]);
    }

    /// @inheritdoc IOptions
    function collateralOf(Terms calldata terms) external pure returns (uint256) {
        return _collateral(terms);
    }

    /// @inheritdoc IOptions
    function payoutAt(Terms calldata terms, int56 price) external pure returns (uint256) {
        return _payout(terms, price);
    }

    /// @inheritdoc IOptions
    function idOf(Terms calldata terms) public pure returns (bytes32) {
        return keccak256(abi.encode(terms));
    }

    // ---------------------------------------------------------------------------------------------- inside

    function _find(Terms calldata terms, Phase expected) private view returns (bytes32 id, State storage state) {
        id = idOf(terms);
        state = _states[id];
        if (state.phase != expected) revert WrongPhase(id, state.phase, expected);
    }

    function _holder(Terms calldata terms, Side side, State storage state) private view returns (address) {
        if (side == Side.Buyer) return state.buyer;
        address seller = state.seller;
        return seller == address(0) ? terms.seller : seller;
    }

    /// @dev The caller holds the side, and it was not claimed for.
    function _requireHeld(bytes32 id, Terms calldata terms, Side side, State storage state) private view {
        address holder = _holder(terms, side, state);
        if (msg.sender != holder) revert NotHolder(msg.sender, holder);
        if (side == Side.Buyer ? state.buyerPaid : state.sellerPaid) revert AlreadyClaimed(id, side);
    }

    function _collateral(Terms calldata terms) private pure returns (uint256) {
        return Payoff.collateral(terms.kind, terms.strike, terms.bound, terms.size, terms.decimals);
    }

    function _payout(Terms calldata terms, int56 price) private pure returns (uint256) {
        return Payoff.payout(terms.kind, terms.strike, terms.bound, terms.size, terms.decimals, price);
    }
}
