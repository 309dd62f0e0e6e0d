// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {FeedId} from "../FeedId.sol";
import {IOracle} from "../interfaces/IOracle.sol";
import {ExpiryFixing, Proof} from "../options/ExpiryFixing.sol";
import {IPayoff} from "./IPayoff.sol";

/// @title PayoffOptions: options whose payoff is a contract of your own
/// @notice A sample for rehearsals: the seller locks the most that the payoff can pay, a buyer pays the premium, the
/// option settles on the fixing of its expiry as every other one does, and each side is paid. Where no fixing counts
/// each side receives a half.
/// @dev The payoff contract is trusted: whoever buys has read it. It is asked when the option is created and when it is
/// settled, never at a claim; what it said then holds, and never exceeds what is locked.
contract PayoffOptions {
    using SafeERC20 for IERC20;

    struct Option {
        address seller;
        uint32 expiry;
        FeedId feed;
        bool isSettled;
        bool buyerClaimed;
        bool sellerClaimed;
        address buyer;
        IPayoff payoff;
        IERC20 token;
        uint256 amount;
        uint256 premium;
        uint256 collateral;
        uint256 paid;
    }

    /// @notice Whose fixings settle.
    IOracle public immutable ORACLE;
    uint256 private immutable DISPUTE;

    Option[] private _options;

    event Created(uint256 indexed id, address indexed seller, IPayoff payoff);
    event Cancelled(uint256 indexed id);
    event Bought(uint256 indexed id, address indexed buyer);
    event Settled(uint256 indexed id, uint256 time, int256 price, uint256 payout);
    event SettledBySplit(uint256 indexed id, uint256 payout);
    event Claimed(uint256 indexed id, address indexed holder, uint256 amount);

    error NotAFixingTime(uint256 expiry, uint256 period);
    error OfferEnded(uint256 expiry, uint256 now_);
    error NotOffered(uint256 id);
    error NotSold(uint256 id);
    error NotSettled(uint256 id);
    error NotHolder(address caller);
    error AlreadyDone(uint256 id);

    /// @param oracle Whose fixings settle.
    constructor(IOracle oracle) {
        ORACLE = oracle;
        (, , DISPUTE, , , ) = oracle.config();
    }

    /// @notice Offers an option until its expiry and locks the most that it can pay.
    function create(
        IPayoff payoff,
        FeedId feed,
        IERC20 token,
        uint256 amount,
        uint256 premium,
        uint32 expiry
    ) external returns (uint256 id) {
        if (expiry % ExpiryFixing.PERIOD != 0) revert NotAFixingTime(expiry, ExpiryFixing.PERIOD);
        if (block.timestamp >= expiry) revert OfferEnded(expiry, block.timestamp);
        id = _options.length;
        Option storage option = _options.push();
        (option.seller, option.expiry, option.payoff, option.token) = (msg.sender, expiry, payoff, token);
        (option.feed, option.amount, option.premium) = (feed, amount, premium);
        option.collateral = payoff.most(amount);
        emit Created(id, msg.sender, payoff);
        token.safeTransferFrom(msg.sender, address(this), option.collateral);
    }

    /// @notice Takes back an option that was not sold.
    function cancel(uint256 id) external {
        Option storage option = _options[id];
        if (msg.sender != option.seller) revert NotHolder(msg.sender);
        if (option.buyer != address(0) || option.isSettled) revert NotOffered(id);
        (option.isSettled, option.sellerClaimed) = (true, true);
        emit Cancelled(id);
        option.token.safeTransfer(msg.sender, option.collateral);
    }

    /// @notice Buys an option for its premium.
    function buy(uint256 id) external {
        Option storage option = _options[id];
        if (option.buyer != address(0) || option.isSettled) revert NotOffered(id);
        if (block.timestamp >= option.expiry) revert OfferEnded(option.expiry, block.timestamp);
        option.buyer = msg.sender;
        emit Bought(id, msg.sender);
        option.token.safeTransferFrom(msg.sender, option.seller, option.premium);
    }

    /// @notice Settles a sold option. Anyone may; reverts while the fixing can still change.
    function settle(uint256 id, Proof[] calldata proofs) external {
        Option storage option = _options[id];
        if (option.buyer == address(0)) revert NotSold(id);
        if (option.isSettled) revert AlreadyDone(id);
        (bool found, int256 price, uint256 back) = ExpiryFixing.find(
            ORACLE,
            DISPUTE,
            option.feed,
            option.expiry,
            proofs
        );
        option.isSettled = true;
        if (found) {
            uint256 payout = Math.min(option.payoff.payout(option.amount, price), option.collateral);
            option.paid = payout;
            emit Settled(id, option.expiry - back * ExpiryFixing.PERIOD, price, payout);
        } else {
            uint256 payout = option.collateral / 2;
            option.paid = payout;
            emit SettledBySplit(id, payout);
        }
    }

    /// @notice Pays the caller's side of a settled option.
    function claim(uint256 id) external returns (uint256 amount) {
        Option storage option = _options[id];
        if (!option.isSettled) revert NotSettled(id);
        if (msg.sender == option.buyer && !option.buyerClaimed) {
            option.buyerClaimed = true;
            amount = option.paid;
        } else if (msg.sender == option.seller && !option.sellerClaimed) {
            option.sellerClaimed = true;
            amount = option.collateral - option.paid;
        } else {
            revert NotHolder(msg.sender);
        }
        emit Claimed(id, msg.sender, amount);
        option.token.safeTransfer(msg.sender, amount);
    }

    /// @notice All that is known of an option.
    function optionOf(uint256 id) external view returns (Option memory) {
        return _options[id];
    }
}
