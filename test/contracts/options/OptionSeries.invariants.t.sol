// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Proof} from "../../../contracts/options/ExpiryFixing.sol";
import {
    IOptionSeries,
    Offer,
    SeriesPhase,
    SeriesState,
    SeriesTerms
} from "../../../contracts/options/IOptionSeries.sol";
import {SeriesKind, SeriesPayoff, Weights} from "../../../contracts/options/SeriesPayoff.sol";
import {SampleMoney} from "../../../contracts/samples/SampleMoney.sol";
import {Test, vm} from "../utils/Test.sol";
import {RandomFixings} from "./RandomFixings.sol";
import {SeriesWorld} from "./SeriesWorld.sol";

/// @notice Everybody who can do something, doing it at random: writers, sellers, buyers, holders, relayers that record
/// or not, governors that void, a guardian that halts, whoever settles and observes, donors, and time.
contract Desk is SeriesWorld, RandomFixings {
    /// @dev What has happened, and how often: see `seen`.
    enum Event {
        Bought,
        Cancelled,
        Closed,
        Transferred,
        Voided,
        Observed,
        Fixed,
        TouchedEarly,
        Split,
        Claimed,
        ClaimRefused
    }

    /// @dev Trading ends at the expiry; from its first time on a series is due; it is open until it is settled.
    enum Stage {
        Trading,
        Open,
        Due,
        Settled
    }

    struct Book {
        SeriesTerms terms;
        bytes times;
        uint256 locked; // ever
        uint256 paid; // by closing and claiming
        uint256 payments;
        bytes settled; // the state as it was settled
    }

    uint256 private constant PEOPLE = 4;
    uint256 private constant MOST_SERIES = 8;
    uint256 private constant MOST_OFFERS = 16;

    SampleMoney private _whole; // without decimals
    address[PEOPLE] private _people;
    uint256[2] public donated;
    Book[] private _books;
    Offer[] private _offers;
    mapping(Event => uint256) public seen;

    constructor() {
        _buildSeries();
        _whole = new SampleMoney("WHOLE", 0);
        _people = [seller, buyer, actor("carol"), actor("dave")];
        for (uint256 i; i < PEOPLE; ++i) {
            _fund(cash, _people[i]);
            _fund(_whole, _people[i]);
            _approve(cash, _people[i]);
            _approve(_whole, _people[i]);
        }
    }

    // ---------------------------------------------------------------------------------------------- before the expiry

    function create(uint256 seed, uint256 person) external {
        if (_books.length == MOST_SERIES) return;
        (SeriesKind kind, uint256 times) = (SeriesKind(seed % KINDS), 1 + ((seed >> 8) % 4));
        uint256 first = (now_() / PERIOD + 1 + ((seed >> 16) % 40)) * PERIOD;
        bytes memory list;
        for (uint256 i; i < times && kind >= SeriesKind.AsianCall; ++i) {
            list = bytes.concat(list, bytes4(uint32(first + i * 20 * PERIOD)));
        }
        SeriesTerms memory t = _terms(kind, list);
        if (list.length == 0) t.expiry = uint32(first);
        if (t.bound != 0) t.bound += int56(int256((seed >> 32) % 50_00)) - 25_00;
        t.longShare = uint16((seed >> 64) % 10_001);
        if (seed % 3 == 0) t.token = _whole;
        if (desk.stateOf(desk.seriesOf(t)).phase != SeriesPhase.None) return;
        Book storage book = _books.push();
        (book.terms, book.times) = (t, list);
        _writeTo(book, seed >> 96, person, true);
    }

    function write(uint256 i, uint256 seed, uint256 person) external {
        (bool found, uint256 place) = _find(i, Stage.Trading);
        if (found) _writeTo(_books[place], seed, person, false);
    }

    function close(uint256 i, uint256 seed, uint256 person) external {
        (bool found, uint256 place) = _find(i, Stage.Open);
        if (!found) return;
        Book storage book = _books[place];
        (uint256 longs, uint256 shorts) = _held(book, _person(person));
        uint256 most = longs < shorts ? longs : shorts;
        uint256 amount = seed % (most + 1);
        vm.prank(_person(person));
        _pays(book, desk.close(book.terms, uint128(amount)));
        if (amount != 0) ++seen[Event.Closed];
    }

    function offer(uint256 i, uint256 seed, uint256 person) external {
        (bool found, uint256 place) = _find(i, Stage.Trading);
        if (!found || _offers.length == MOST_OFFERS) return;
        Offer memory o = _offer(_books[place].terms);
        (o.seller, o.token, o.lot) = (_person(person), o.token + (seed % 2), uint128(1 + ((seed >> 8) % 1e19)));
        o.premium = (seed >> 80) % 1e20;
        vm.prank(o.seller);
        desk.offer(o, uint128(1 + ((seed >> 160) % 1e19)));
        _offers.push(o);
    }

    /// @dev From the first offer from the i-th on that can be bought, by another than the seller.
    function buy(uint256 i, uint256 seed, uint256 person) external {
        for (uint256 k; k < _offers.length; ++k) {
            Offer memory o = _offers[((i % _offers.length) + k) % _offers.length];
            (uint256 left, uint256 has) = (desk.leftOf(desk.offerOf(o)), desk.balanceOf(o.seller, o.token));
            uint256 most = left < has ? left : has;
            bool open = desk.stateOf(o.token & ~uint256(1)).phase == SeriesPhase.Open;
            if (most == 0 || !open || now_() >= o.buyBefore) continue;
            vm.prank(o.seller == _person(person) ? _person((person % PEOPLE) + 1) : _person(person));
            desk.buy(o, uint128(1 + (seed % most)));
            ++seen[Event.Bought];
            return;
        }
    }

    function cancel(uint256 i) external {
        if (_offers.length == 0) return;
        Offer memory o = _offers[i % _offers.length];
        vm.prank(o.seller);
        desk.cancel(o);
        ++seen[Event.Cancelled];
    }

    function transfer(uint256 i, uint256 seed, uint256 person, uint256 to) external {
        if (_books.length == 0) return;
        uint256 token = desk.seriesOf(_books[i % _books.length].terms) + (seed % 2);
        uint256 amount = (seed >> 8) % (desk.balanceOf(_person(person), token) + 1);
        vm.prank(_person(person));
        desk.safeTransferFrom(_person(person), _person(to), token, amount, "");
        if (amount != 0) ++seen[Event.Transferred];
    }

    function _writeTo(Book storage book, uint256 seed, uint256 person, bool creates) private {
        (uint256 width, uint256 unit) = desk.lockedOf(book.terms);
        uint128 amount = uint128((1 + (seed % 1e18)) * unit);
        vm.prank(_person(person));
        if (creates) desk.create(book.terms, book.times, amount);
        else desk.write(book.terms, amount);
        book.locked += (amount / unit) * width;
    }

    // ---------------------------------------------------------------------------------------------- after it

    /// @dev A relayer that works: the time is recorded as it comes, and final.
    function fix(uint256 i, uint256 index, uint256 seed) external {
        (bool found, uint256 place) = _find(i, Stage.Open);
        if (found) _keepInTime(_time(_books[place], index), seed);
    }

    /// @dev One that does what it can: late, without a price, without storing, or one of the times before.
    function record(uint256 i, uint256 index, uint256 seed) external {
        (bool found, uint256 place) = _find(i, Stage.Due);
        uint256 back = seed % 3 == 0 ? (seed >> 8) % 13 : 0;
        if (found) _keep(_time(_books[place], index) - back * PERIOD, seed >> 16);
    }

    function store(uint256 i, uint256 index, uint256 back) external {
        (bool found, uint256 place) = _find(i, Stage.Due);
        if (found) _store(_time(_books[place], index) - (back % 13) * PERIOD);
    }

    function withdraw(uint256 seed) external {
        if (_void(seed % 2 == 0)) ++seen[Event.Voided];
    }

    function haltOrResume() external {
        _haltOrResume();
    }

    /// @dev With a list: its times from `index` on, until one is observed. At times too early, and without proofs.
    function settle(uint256 i, uint256 index, uint256 seed) external {
        (bool found, uint256 place) = _find(i, seed % 8 == 0 ? Stage.Open : Stage.Due);
        if (!found) return;
        Book storage book = _books[place];
        bool proves = (seed >> 8) % 4 != 0;
        uint256 count = book.times.length / 4;
        if (count == 0) {
            try desk.settle(book.terms, proves ? _proofsOf(book.terms.expiry) : new Proof[](0)) {} catch {}
        }
        for (uint256 k; k < count; ++k) {
            if (_tryToObserve(book, ((index % count) + k) % count, proves)) break;
        }
        _note(book);
    }

    /// @dev Also a time that was observed, which is refused.
    function _tryToObserve(Book storage book, uint256 index, bool proves) private returns (bool) {
        bool again = desk.isObserved(desk.seriesOf(book.terms), index);
        Proof[] memory proofs = proves ? _proofsOf(_time(book, index)) : new Proof[](0);
        try desk.observe(book.terms, book.times, index, proofs) {
            assertFalse(again);
            ++seen[Event.Observed];
            return true;
        } catch {
            return false;
        }
    }

    /// @dev Who holds nothing, or has claimed, is refused.
    function claim(uint256 i, uint256 person) external {
        (bool found, uint256 place) = _find(i, Stage.Settled);
        if (!found) return;
        Book storage book = _books[place];
        address holder = _person(person);
        if (_claimFor(book, holder)) {
            ++seen[Event.Claimed];
            return;
        }
        uint256 series = desk.seriesOf(book.terms);
        bytes memory reason = abi.encodeWithSelector(IOptionSeries.NothingToClaim.selector, series, holder);
        _refused(holder, abi.encodeCall(desk.claim, (book.terms)), reason);
        ++seen[Event.ClaimRefused];
    }

    function donate(uint256 amount) external {
        amount %= 1e20;
        uint256 which = amount % 2;
        donated[which] += amount;
        (which == 0 ? cash : _whole).mint(address(desk), amount);
    }

    function wait(uint256 i, uint256 index, uint256 seed) external {
        _wait(_books.length == 0 ? now_() : _time(_books[i % _books.length], index), seed);
    }

    // ---------------------------------------------------------------------------------------------- looking

    /// @dev What must be there for each token: all that was locked and not paid.
    function kept(uint256 which) external view returns (uint256 sum, uint256 held) {
        SampleMoney token = which == 0 ? cash : _whole;
        for (uint256 i; i < _books.length; ++i) {
            Book storage book = _books[i];
            if (address(book.terms.token) == address(token)) sum += book.locked - book.paid; // paid no more than locked
        }
        held = token.balanceOf(address(desk)) - donated[which];
    }

    /// @dev Each series by itself can pay all its holders, in one claim or in many; in an open one there are as many
    /// long as short tokens; a settled one is as it was settled.
    function check() external view {
        for (uint256 i; i < _books.length; ++i) {
            Book storage book = _books[i];
            SeriesState memory state = desk.stateOf(desk.seriesOf(book.terms));
            (uint256 longs, uint256 shorts) = (0, 0);
            for (uint256 k; k < PEOPLE; ++k) {
                (uint256 some, uint256 others) = _held(book, _people[k]);
                (longs, shorts) = (longs + some, shorts + others);
            }
            (uint256 width, uint256 unit) = desk.lockedOf(book.terms);
            uint256 pot = book.locked - book.paid;
            if (state.phase == SeriesPhase.Open) {
                assertEq(longs, shorts);
                assertLe(longs * width, pot * unit);
                continue;
            }
            assertEq(abi.encode(state), book.settled);
            Weights memory w =
                state.phase == SeriesPhase.Fixed
                    ? desk.weightsAt(book.terms, state.total, state.found)
                    : SeriesPayoff.split(width, unit, book.terms.longShare);
            assertLe(longs * w.long + shorts * w.short, pot * w.unit);
        }
    }

    /// @dev Everybody takes what is his. What remains is less than the smallest unit for each payment that there was.
    function finish() external {
        warp(now_() + LAST + 1 days);
        for (uint256 i; i < _books.length; ++i) {
            Book storage book = _books[i];
            for (uint256 k; k < book.times.length / 4 && _phase(book) == SeriesPhase.Open; ++k) {
                if (desk.isObserved(desk.seriesOf(book.terms), k)) continue;
                desk.observe(book.terms, book.times, k, new Proof[](0));
            }
            if (_phase(book) == SeriesPhase.Open) desk.settle(book.terms, new Proof[](0));
            for (uint256 k; k < PEOPLE; ++k) _claimFor(book, _people[(k + i) % PEOPLE]);
            assertLe(book.locked - book.paid, book.payments == 0 ? 0 : book.payments - 1);
        }
    }

    function _claimFor(Book storage book, address holder) private returns (bool) {
        (uint256 longs, uint256 shorts) = _held(book, holder);
        if (longs + shorts == 0) return false;
        vm.prank(holder);
        _pays(book, desk.claim(book.terms));
        (longs, shorts) = _held(book, holder);
        assertEq(longs + shorts, 0);
        return true;
    }

    function _pays(Book storage book, uint256 amount) private {
        book.paid += amount;
        ++book.payments;
    }

    function _note(Book storage book) private {
        SeriesState memory state = desk.stateOf(desk.seriesOf(book.terms));
        if (state.phase == SeriesPhase.Open) return;
        book.settled = abi.encode(state);
        ++seen[state.phase == SeriesPhase.Fixed ? Event.Fixed : Event.Split];
        if (state.observed < book.times.length / 4) ++seen[Event.TouchedEarly];
    }

    /// @dev The first series from the i-th on that is there.
    function _find(uint256 i, Stage stage) private view returns (bool found, uint256 place) {
        for (uint256 k; k < _books.length; ++k) {
            place = ((i % _books.length) + k) % _books.length;
            bool open = _phase(_books[place]) == SeriesPhase.Open;
            bool there = stage == Stage.Settled ? !open : open;
            if (stage == Stage.Trading && now_() >= _books[place].terms.expiry) there = false;
            if (stage == Stage.Due && now_() < _time(_books[place], 0)) there = false;
            if (there) return (true, place);
        }
    }

    function _phase(Book storage book) private view returns (SeriesPhase) {
        return desk.stateOf(desk.seriesOf(book.terms)).phase;
    }

    function _held(Book storage book, address holder) private view returns (uint256 longs, uint256 shorts) {
        uint256 series = desk.seriesOf(book.terms);
        return (desk.balanceOf(holder, series), desk.balanceOf(holder, series + 1));
    }

    /// @dev One of the times that the series settles on.
    function _time(Book storage book, uint256 index) private view returns (uint256) {
        return book.times.length == 0 ? book.terms.expiry : _at(book.times, index % (book.times.length / 4));
    }

    function _person(uint256 seed) private view returns (address) {
        return _people[seed % PEOPLE];
    }
}

/// @notice The contract always holds exactly what was locked and not paid, each series can pay all its holders, a
/// settled one never changes, and in the end nothing is stuck.
contract OptionSeriesInvariants is Test {
    Desk private _desk;

    function setUp() external {
        _desk = new Desk();
        targetContract(address(_desk));
        targetSelector(address(_desk), _handlers());
    }

    function _handlers() private pure returns (bytes4[] memory selectors) {
        selectors = new bytes4[](17);
        selectors[0] = Desk.create.selector;
        selectors[1] = Desk.write.selector;
        selectors[2] = Desk.close.selector;
        selectors[3] = Desk.offer.selector;
        selectors[4] = Desk.buy.selector;
        selectors[5] = Desk.cancel.selector;
        selectors[6] = Desk.transfer.selector;
        selectors[7] = Desk.fix.selector;
        selectors[8] = Desk.record.selector;
        selectors[9] = Desk.store.selector;
        selectors[10] = Desk.withdraw.selector;
        selectors[11] = Desk.haltOrResume.selector;
        selectors[12] = Desk.settle.selector;
        selectors[13] = Desk.claim.selector;
        selectors[14] = Desk.donate.selector;
        selectors[15] = Desk.wait.selector;
        selectors[16] = Desk.settle.selector; // twice as often
    }

    /// @dev These hands come to every end there is: the invariants are not about nothing.
    function test_randomHandsComeToEveryEnd() external {
        bytes4[] memory selectors = _handlers();
        uint256[] memory seen = new uint256[](uint256(type(Desk.Event).max) + 1);
        for (uint256 run; run < 8; ++run) {
            _desk = new Desk();
            for (uint256 i; i < 200; ++i) {
                uint256 random = uint256(keccak256(abi.encode(run, i)));
                bytes32[4] memory arguments;
                for (uint256 k; k < 4; ++k) arguments[k] = keccak256(abi.encode(random, k));
                bytes4 selector = selectors[random % selectors.length];
                (bool ok, ) = address(_desk).call(abi.encodePacked(selector, abi.encode(arguments)));
                assertTrue(ok);
            }
            _desk.check();
            for (uint256 i; i < seen.length; ++i) seen[i] += _desk.seen(Desk.Event(i));
            _desk.finish();
        }
        for (uint256 i; i < seen.length; ++i) assertGt(seen[i], 0);
    }

    function invariant_holdsExactlyWhatWasLockedAndNotPaid() external view {
        for (uint256 i; i < 2; ++i) {
            (uint256 sum, uint256 held) = _desk.kept(i);
            assertEq(held, sum);
        }
    }

    function invariant_eachSeriesCanPayAllItsHolders() external view {
        _desk.check();
    }

    function afterInvariant() external {
        _desk.finish();
    }
}
