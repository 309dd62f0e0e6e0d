// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {FeedId} from "../FeedId.sol";
import {ICatalog} from "../interfaces/ICatalog.sol";
import {IOracle} from "../interfaces/IOracle.sol";
import {Proof} from "./ExpiryFixing.sol";
import {SeriesKind, Weights} from "./SeriesPayoff.sol";

// Terms and offers are never stored, so their order is that of their meaning.
// solhint-disable gas-struct-packing

/// @notice All that a series is. Their hash is its id, and the calls that need them bring them whole.
/// @param kind What the long side is paid: see SeriesKind.
/// @param feed On whose fixings it settles.
/// @param decimals The feed's decimals, which are those of `strike` and `bound` too.
/// @param method The feed's method hash.
/// @param strike K.
/// @param bound The price beyond which the payout grows no more; 0 for a BaseCall, a digital and a one-touch.
/// @param token Locked and paid: cash, or for a BaseCall the base asset.
/// @param expiry A fixing time: a multiple of 300 s. With a list of times, the last of them.
/// @param longShare The long side's part of the collateral if no fixing counts, in hundredths of a percent.
/// @param times Asian and one-touch: keccak256 of the list of fixing times, 4 bytes each, ascending. Other kinds: 0.
struct SeriesTerms {
    SeriesKind kind;
    FeedId feed;
    uint8 decimals;
    bytes32 method;
    int56 strike;
    int56 bound;
    IERC20 token;
    uint32 expiry;
    uint16 longShare;
    bytes32 times;
}

/// @notice What somebody sells tokens of a series for. Its hash is the offer's id; the amount on offer is not part of
/// it.
/// @param seller Whose tokens; he receives the premium.
/// @param token The token's number: a long one (the series' id) or a short one (the id + 1).
/// @param lot The amount of tokens that `premium` is for.
/// @param premium In the smallest unit of `premiumToken`, for each lot; for a part of a lot its part, rounded up.
/// @param premiumToken What the premium is paid in.
/// @param buyBefore The offer ends at this time, at the latest at the expiry.
struct Offer {
    address seller;
    uint256 token;
    uint128 lot;
    uint256 premium;
    IERC20 premiumToken;
    uint32 buyBefore;
}
// solhint-enable gas-struct-packing

/// @notice Being traded; settled on its fixings; settled without them.
enum SeriesPhase {
    None,
    Open,
    Fixed,
    Split
}

/// @notice What became of a series.
/// @param phase Where it stands.
/// @param expiry That of the terms.
/// @param observed Of how many listed times it is known what the fixing was.
/// @param found How many of them had one: so many prices are in `total`.
/// @param total Asian: their sum. TouchUp, TouchDown: the highest, the lowest. Otherwise the fixing.
struct SeriesState {
    SeriesPhase phase;
    uint32 expiry;
    uint16 observed;
    uint16 found;
    int80 total;
}

/// @title IOptionSeries: series of options with long and short tokens, cash-settled on fixings, fully collateralised
/// @notice Whoever writes an amount of a series locks the most it can ever pay, and receives as many long as short
/// tokens. Either can be offered for sale, bought and transferred; both together are closed for what they lock. The
/// series settles on the fixings that ExpiryFixing finds; what was recorded by 7 days after each time decides, not
/// when or by whom it is asked. Then long tokens are claimed for the payout and short tokens for the rest.
///
/// Amounts of tokens are in the smallest unit of the collateral. With a yen token of 18 decimals an amount of 2 ·
/// 10^18 is paid 2 yen for each yen of difference; with a bitcoin token of 8 decimals an amount of 2 · 10^8 of a
/// BaseCall is a call on 2 bitcoins; an amount of a digital or a one-touch pays itself.
/// @dev Payouts round down, each by less than the smallest unit; what is written locks exactly what it says. So of
/// each token the contract holds at least what all claims together can take, in whatever order; what somebody sends to
/// it beside that is lost. Assumptions on a collateral: it moves what it is told to (checked where it comes in: a
/// token that takes a fee is refused), balances do not change by themselves, and its transfers to one account do not
/// depend on another's will. Errors of IOptions mean here what they mean there.
interface IOptionSeries is IERC1155 {
    /// @notice The terms and the list of times stand whole in the log: nothing else keeps them.
    event SeriesCreated(uint256 indexed series, FeedId indexed feed, SeriesTerms terms, bytes times);
    /// @notice `collateral` is locked, and the writer has `amount` more of both tokens. Both in the smallest unit of the
    /// collateral, as all amounts here.
    event Written(uint256 indexed series, address indexed writer, uint256 amount, uint256 collateral);
    /// @notice `amount` of both tokens is burnt for `collateral`.
    event Closed(uint256 indexed series, address indexed holder, uint256 amount, uint256 collateral);
    /// @notice `amount` more is on offer.
    event Offered(bytes32 indexed id, uint256 indexed token, address indexed seller, Offer offer, uint256 amount);
    /// @notice Nothing is left of the offer.
    event OfferCancelled(bytes32 indexed id);
    /// @notice `premium` in the smallest unit of the offer's premium token.
    event Bought(bytes32 indexed id, address indexed buyer, uint256 amount, uint256 premium);
    /// @notice What counts for the listed time `time` is the fixing `price`, `back` fixing times before it.
    event Observed(uint256 indexed series, uint256 indexed time, int256 price, uint256 back);
    /// @notice No fixing counts for the listed time `time`.
    event Missed(uint256 indexed series, uint256 indexed time);
    /// @notice Settled on a total of `found` fixings.
    event Settled(uint256 indexed series, int256 total, uint256 found);
    /// @notice Settled without fixings: the collateral is split by the share in the terms.
    event SettledBySplit(uint256 indexed series);
    /// @notice All `longs` and `shorts` of the holder are burnt for `amount`, 0 if nothing is due to them.
    event Claimed(uint256 indexed series, address indexed holder, uint256 longs, uint256 shorts, uint256 amount);

    /// @notice The series is in another phase than the call needs. A claim needs Fixed or Split.
    error WrongSeriesPhase(uint256 series, SeriesPhase given, SeriesPhase expected);
    /// @notice Nothing is written, offered or bought by an amount of 0.
    error NoAmount();
    /// @notice From the expiry on nothing is written.
    error SeriesEnded(uint256 expiry, uint256 now_);
    /// @notice The collateral of this amount is no whole number of smallest units: amount · width must be a multiple
    /// of unit, those of `lockedOf`.
    error FractionLocked(uint256 amount, uint256 width, uint256 unit);
    /// @notice An Asian and a one-touch have a list of 1 to 1,024 times of 4 bytes each; other kinds have none.
    error BadTimes(SeriesKind kind, uint256 bytes_);
    /// @notice The list is not the one of the terms (hashes of both).
    error WrongTimes(bytes32 given, bytes32 expected);
    /// @notice Times are in the future when a series is created, and ascend.
    error TimesOrder(uint256 previous, uint256 given);
    /// @notice The last time of the list is the expiry.
    error LastTime(uint256 given, uint256 expiry);
    /// @notice The list has only `count` times.
    error NoSuchTime(uint256 index, uint256 count);
    /// @notice What the fixing of this time was is gathered already.
    error AlreadyObserved(uint256 series, uint256 time);
    /// @notice This kind gathers its fixings by `observe`, and is settled by the last one.
    error ObserveInstead(SeriesKind kind);
    /// @notice Only the seller named in an offer makes and cancels it.
    error NotOfferer(address caller, address seller);
    /// @notice A premium is for a lot of at least 1.
    error NoLot();
    /// @notice So much is not on offer.
    error NotOffered(bytes32 id, uint256 left, uint256 wanted);
    /// @notice The caller holds neither side, or has claimed.
    error NothingToClaim(uint256 series, address holder);

    /// @notice Creates a series, unless it exists already, and writes the first amount of it: see `write`.
    /// @param times The list whose hash is in the terms; empty for kinds without one. It is read only as the series is
    /// created.
    /// @return series As `seriesOf`.
    function create(SeriesTerms calldata terms, bytes calldata times, uint128 amount) external returns (uint256 series);

    /// @notice Locks what `amount` of an existing series can pay at most, which the caller has approved, and gives the
    /// caller `amount` long and `amount` short tokens.
    function write(SeriesTerms calldata terms, uint128 amount) external;

    /// @notice Takes `amount` long and `amount` short tokens of the caller back for what they lock, before settlement.
    /// @return collateral amount · width / unit, those of `lockedOf`, rounded down.
    function close(SeriesTerms calldata terms, uint128 amount) external returns (uint256 collateral);

    /// @notice Offers `amount` more of the caller's tokens for sale. They stay with the caller until they are bought,
    /// and are sold only if they are still there.
    /// @dev An offer is a promise until `buyBefore`, also where a fixing is known that nobody has observed yet.
    /// @return id As `offerOf`.
    function offer(Offer calldata terms, uint128 amount) external returns (bytes32 id);

    /// @notice Takes back what is left of an offer.
    function cancel(Offer calldata terms) external;

    /// @notice Buys `amount` of what is left of an offer, for premium · amount / lot, rounded up, which the caller has
    /// approved.
    function buy(Offer calldata terms, uint128 amount) external;

    /// @notice Settles a series of a kind without a list. Anyone may. Reverts while the answer can still change
    /// (FixingPending, FixingProvisional; with a proof the oracle's Provisional), or is not stored (ProofNeeded).
    /// @param proofs As ExpiryFixing takes them; usually none is needed.
    function settle(SeriesTerms calldata terms, Proof[] calldata proofs) external;

    /// @notice Gathers the fixing of one listed time, once, in whatever order. Anyone may. Reverts as `settle` does.
    /// What counts for a time is what an option that expired at that time would settle on. The last one settles the
    /// series: on what was found, if that is more than half of the times, else by the share. A one-touch is settled as
    /// soon as it is touched.
    function observe(SeriesTerms calldata terms, bytes calldata times, uint256 index, Proof[] calldata proofs) external;

    /// @notice Pays the caller for all long and short tokens of a settled series that he holds.
    /// @return amount (longs · long + shorts · short) / unit, those of `weightsAt` or of the share, rounded down once.
    function claim(SeriesTerms calldata terms) external returns (uint256 amount);

    /// @notice What became of a series.
    function stateOf(uint256 series) external view returns (SeriesState memory);

    /// @notice Whether `observe` has gathered the listed time number `index`.
    function isObserved(uint256 series, uint256 index) external view returns (bool);

    /// @notice How much of an offer is left.
    function leftOf(bytes32 id) external view returns (uint256);

    /// @notice The id of a series, and its long token: the hash of the terms with the last bit 0. The short token is
    /// the number after it.
    function seriesOf(SeriesTerms calldata terms) external pure returns (uint256);

    /// @notice The id of an offer: its hash.
    function offerOf(Offer calldata terms) external pure returns (bytes32);

    /// @notice An amount of this series locks amount · width / unit.
    function lockedOf(SeriesTerms calldata terms) external pure returns (uint256 width, uint256 unit);

    /// @notice Who receives how much at a total of `found` prices.
    function weightsAt(SeriesTerms calldata terms, int80 total, uint16 found) external pure returns (Weights memory);

    /// @notice Whose fixings settle.
    function ORACLE() external view returns (IOracle);

    /// @notice What the oracle's feeds mean.
    function CATALOG() external view returns (ICatalog);
}
