// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {FeedId} from "../FeedId.sol";
import {ICatalog} from "../interfaces/ICatalog.sol";
import {IOracle} from "../interfaces/IOracle.sol";
import {Proof} from "./ExpiryFixing.sol";
import {Kind} from "./Payoff.sol";

// Terms are never stored, so their order is that of their meaning.
// solhint-disable gas-struct-packing

/// @notice All that an option is. Their hash is its id, and every call brings them whole: whoever buys, buys exactly
/// what he has written down, the premium included.
/// @param seller Locks the collateral, and receives the premium when the option is sold.
/// @param kind What it pays: see Kind.
/// @param feed Whose fixing it settles on.
/// @param decimals The feed's decimals, which are those of `strike` and `bound` too.
/// @param method The feed's method hash.
/// @param strike K.
/// @param bound The price beyond which the payout grows no more; for a BaseCall 0.
/// @param size Cash kinds: what a difference of 1 is worth, in the smallest unit of `token`, e.g. 2 · 10^18 for 2 BTC
/// settled in a yen token with 18 decimals. BaseCall: the amount of the base asset, e.g. 2 · 10^8.
/// @param token Locked and paid: cash, or for a BaseCall the base asset.
/// @param premium What the buyer pays the seller, in the smallest unit of `premiumToken`.
/// @param premiumToken What the premium is paid in.
/// @param buyBefore The offer ends at this time, at the latest at the expiry.
/// @param expiry A fixing time: a multiple of 300 s.
/// @param buyerShare The buyer's part of the collateral if no fixing counts, in hundredths of a percent.
/// @param salt Tells options apart that are equal otherwise.
struct Terms {
    address seller;
    Kind kind;
    FeedId feed;
    uint8 decimals;
    bytes32 method;
    int56 strike;
    int56 bound;
    uint256 size;
    IERC20 token;
    uint256 premium;
    IERC20 premiumToken;
    uint32 buyBefore;
    uint32 expiry;
    uint16 buyerShare;
    bytes32 salt;
}
// solhint-enable gas-struct-packing

/// @notice Offered and not sold; taken back by the seller; sold; settled on a fixing; settled without one.
enum Phase {
    None,
    Offered,
    Cancelled,
    Sold,
    Fixed,
    Split
}

/// @notice Who is paid what the option pays, and who is paid the rest.
enum Side {
    Buyer,
    Seller
}

/// @notice What became of an option.
/// @param buyer Who holds the buyer's side; 0 until it is sold.
/// @param phase Where it stands.
/// @param price The fixing it settled on, where the phase is Fixed.
/// @param back How many fixing times before the expiry that fixing is.
/// @param buyerPaid Whether the buyer's side has claimed.
/// @param sellerPaid Whether the seller's side has claimed.
/// @param seller Who holds the seller's side; 0: the seller of the terms.
struct State {
    address buyer;
    Phase phase;
    int56 price;
    uint8 back;
    bool buyerPaid;
    bool sellerPaid;
    address seller;
}

/// @title IOptions: European options, cash-settled on fixings, fully collateralised
/// @notice The seller creates an option: the most it can ever pay is locked. A buyer pays the premium. From the expiry
/// on anyone settles it, on the fixing that ExpiryFixing finds; what was recorded by 7 days after the expiry decides,
/// not when or by whom it is settled. Then each side claims: the buyer's side the payout, the seller's side the rest.
/// @dev Payouts round down and both sides together receive exactly the collateral. The contract holds, of each token,
/// at least the collateral of all options that are not paid out; what somebody sends to it beside that is lost.
/// Assumptions on a token: it moves what it is told to (checked where it comes in: a token that takes a fee is
/// refused), balances do not change by themselves, and its transfers to one account do not depend on another's will.
interface IOptions {
    /// @notice Offered, its collateral locked. The terms stand whole in the log: nothing else keeps them.
    event Created(bytes32 indexed id, address indexed seller, FeedId indexed feed, Terms terms);
    /// @notice Taken back before it was sold, with its collateral.
    event Cancelled(bytes32 indexed id);
    /// @notice Sold: `buyer` has paid the premium of the terms.
    event Bought(bytes32 indexed id, address indexed buyer);
    /// @notice Settled on the fixing `price` of `time`.
    event Settled(bytes32 indexed id, uint256 time, int256 price);
    /// @notice Settled without a fixing: the collateral is split by the share in the terms.
    event SettledBySplit(bytes32 indexed id);
    /// @notice A side is paid: `amount` in the smallest unit of the terms' token, 0 if nothing is due to it.
    event Claimed(bytes32 indexed id, Side indexed side, address indexed holder, uint256 amount);
    /// @notice From now on `to` holds the side, and claims for it.
    event SideTransferred(bytes32 indexed id, Side indexed side, address indexed from, address to);

    /// @notice Only the seller named in the terms creates and cancels.
    error NotSeller(address caller, address seller);
    /// @notice Only who holds the side claims or transfers it.
    error NotHolder(address caller, address holder);
    /// @notice The option is in another phase than the call needs. A claim needs Fixed or Split.
    error WrongPhase(bytes32 id, Phase given, Phase expected);
    /// @notice Options expire at multiples of `period` seconds only.
    error NotAFixingTime(uint256 expiry, uint256 period);
    /// @notice The offer would end after the expiry.
    error OfferTooLong(uint256 buyBefore, uint256 expiry);
    /// @notice From `buyBefore` on nothing is offered or bought.
    error OfferEnded(uint256 buyBefore, uint256 now_);
    /// @notice The feed has other decimals than the terms say.
    error WrongDecimals(uint256 given, uint256 expected);
    /// @notice The feed has another method than the terms say.
    error WrongMethod(bytes32 given, bytes32 expected);
    /// @notice A share is at most 10,000 (all of it).
    error ShareTooLarge(uint256 share, uint256 whole);
    /// @notice The option could never pay the smallest unit of its token.
    error NothingToLock(uint256 size);
    /// @notice The receiver has `given` more and not `expected`: tokens that take a fee are refused, and so is whoever
    /// would pay a premium to himself.
    error AmountMoved(uint256 given, uint256 expected);
    /// @notice The side is paid: there is nothing left to claim or to hand over.
    error AlreadyClaimed(bytes32 id, Side side);
    /// @notice A side is not handed to address 0, who could never claim.
    error ZeroHolder();

    /// @notice Offers an option for sale and locks its collateral, which the caller has approved.
    /// @return id As `idOf`.
    function create(Terms calldata terms) external returns (bytes32 id);

    /// @notice Takes back an option that was not sold, with its collateral.
    function cancel(Terms calldata terms) external;

    /// @notice Buys an option before its offer ends, for the premium, which the caller has approved.
    function buy(Terms calldata terms) external;

    /// @notice Settles a sold option, for both sides. Anyone may. Reverts while the answer can still change
    /// (FixingPending, FixingProvisional; with a proof the oracle's Provisional), or is not stored (ProofNeeded).
    /// @param proofs As ExpiryFixing takes them; usually none is needed.
    function settle(Terms calldata terms, Proof[] calldata proofs) external;

    /// @notice Pays one side of a settled option to who holds it, who must be the caller.
    /// @return amount In the smallest unit of the terms' token; the buyer's is rounded down, the seller's is the rest.
    function claim(Terms calldata terms, Side side) external returns (uint256 amount);

    /// @notice Hands a side of a sold option that has not claimed to another holder.
    function transferSide(Terms calldata terms, Side side, address to) external;

    /// @notice keccak256(abi.encode(terms)).
    function idOf(Terms calldata terms) external pure returns (bytes32);

    /// @notice What became of an option.
    function stateOf(bytes32 id) external view returns (State memory);

    /// @notice Who holds a side: address 0 for the buyer's before it is sold.
    function holderOf(Terms calldata terms, Side side) external view returns (address);

    /// @notice What an option of these terms locks, the most it can pay: in the smallest unit of its token, rounded
    /// down.
    function collateralOf(Terms calldata terms) external pure returns (uint256);

    /// @notice What an option of these terms pays the buyer at `price` (in the feed's decimals), in the smallest unit of
    /// its token, rounded down.
    function payoutAt(Terms calldata terms, int56 price) external pure returns (uint256);

    /// @notice Whose fixings settle.
    function ORACLE() external view returns (IOracle);

    /// @notice What the oracle's feeds mean.
    function CATALOG() external view returns (ICatalog);
}
