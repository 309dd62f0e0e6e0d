// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {NO_PRICE} from "../../../contracts/FeedId.sol";
import {Proof} from "../../../contracts/options/ExpiryFixing.sol";
import {Offer, SeriesPhase, SeriesState, SeriesTerms} from "../../../contracts/options/IOptionSeries.sol";
import {SeriesKind, SeriesPayoff, Weights} from "../../../contracts/options/SeriesPayoff.sol";
import {SampleMoney} from "../../../contracts/samples/SampleMoney.sol";
import {Test, vm} from "../utils/Test.sol";
import {SeriesWorld} from "./SeriesWorld.sol";

/// @notice Everybody who can do something, doing it at random: writers, sellers, buyers, holders, relayers that record
/// or not, governors that void, whoever settles and observes, donors, and time.
contract Desk is SeriesWorld {
    struct Kept {
        bool kept;
        bool absent;
        int256 price;
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

    SampleMoney private _whole; // without decimals
    address[PEOPLE] private _people;
    uint256[2] public donated;
    Book[] private _books;
    Offer[] private _offers;
    mapping(uint256 time => Kept) private _kept;

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
        if (_books.length == 0) return;
        Book storage book = _books[i % _books.length];
        if (_phase(book) != SeriesPhase.Open || now_() >= book.terms.expiry) return;
        _writeTo(book, seed, person, false);
    }

    function close(uint256 i, uint256 seed, uint256 person) external {
        if (_books.length == 0) return;
        Book storage book = _books[i % _books.length];
        if (_phase(book) != SeriesPhase.Open) return;
        (uint256 longs, uint256 shorts) = _held(book, _person(person));
        uint256 most = longs < shorts ? longs : shorts;
        vm.prank(_person(person));
        _pays(book, desk.close(book.terms, uint128(seed % (most + 1))));
    }

    function offer(uint256 i, uint256 seed, uint256 person) external {
        if (_books.length == 0 || _offers.length == 16) return;
        Book storage book = _books[i % _books.length];
        if (_phase(book) != SeriesPhase.Open || now_() >= book.terms.expiry) return;
        Offer memory o = _offer(book.terms);
        (o.seller, o.token, o.lot) = (_person(person), o.token + (seed % 2), uint128(1 + ((seed >> 8) % 1e19)));
        o.premium = (seed >> 80) % 1e20;
        vm.prank(o.seller);
        desk.offer(o, uint128(1 + ((seed >> 160) % 1e19)));
        _offers.push(o);
    }

    function buy(uint256 i, uint256 seed, uint256 person) external {
        if (_offers.length == 0) return;
        Offer memory o = _offers[i % _offers.length];
        (uint256 left, uint256 has) = (desk.leftOf(desk.offerOf(o)), desk.balanceOf(o.seller, o.token));
        uint256 most = left < has ? left : has;
        bool open = desk.stateOf(o.token & ~uint256(1)).phase == SeriesPhase.Open;
        if (most == 0 || !open || now_() >= o.buyBefore || o.seller == _person(person)) return;
        vm.prank(_person(person));
        desk.buy(o, uint128(1 + (seed % most)));
    }

    function cancel(uint256 i) external {
        if (_offers.length == 0 || i % 3 != 0) return;
        Offer memory o = _offers[i % _offers.length];
        vm.prank(o.seller);
        desk.cancel(o);
    }

    function transfer(uint256 i, uint256 seed, uint256 person, uint256 to) external {
        if (_books.length == 0) return;
        uint256 token = desk.seriesOf(_books[i % _books.length].terms) + (seed % 2);
        uint256 amount = (seed >> 8) % (desk.balanceOf(_person(person), token) + 1);
        vm.prank(_person(person));
        desk.safeTransferFrom(_person(person), _person(to), token, amount, "");
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

    function record(uint256 i, uint256 seed) external {
        if (_books.length == 0) return;
        Book storage book = _books[i % _books.length];
        uint256 time = _time(book, seed >> 200) - (seed % 3 == 0 ? (seed >> 8) % 13 : 0) * PERIOD;
        if (time < START || time > now_() || now_() - time >= SPAN || _kept[time].kept) return;
        bool absent = (seed >> 16) % 8 == 0;
        int256 price = (seed >> 24) % 8 == 0 ? NO_PRICE : int256((seed >> 32) % 200_00) - 20_00;
        _kept[time] = Kept(true, absent, price);
        if (absent) _recordWithout(time);
        else _record(time, price, (seed >> 120) % 2 == 0);
    }

    function voidFixing(uint256 i, uint256 which, uint256 back) external {
        if (_books.length == 0) return;
        try oracle.voidFixing(_time(_books[i % _books.length], which) - (back % 13) * PERIOD, 1) {} catch {}
    }

    function settle(uint256 i, uint256 index, bool withProofs) external {
        if (_books.length == 0) return;
        Book storage book = _books[i % _books.length];
        if (_phase(book) != SeriesPhase.Open) return;
        index %= book.times.length / 4 + 1; // also one that there is not
        Proof[] memory proofs = withProofs ? _proofs(_time(book, index)) : new Proof[](0);
        if (book.times.length == 0) {
            try desk.settle(book.terms, proofs) {} catch {}
        } else {
            try desk.observe(book.terms, book.times, index, proofs) {} catch {}
        }
        _note(book);
    }

    function claim(uint256 i, uint256 person) external {
        if (_books.length == 0) return;
        Book storage book = _books[i % _books.length];
        if (_phase(book) < SeriesPhase.Fixed) return;
        _claimFor(book, _person(person));
    }

    function donate(uint256 amount) external {
        amount %= 1e20;
        uint256 which = amount % 2;
        donated[which] += amount;
        (which == 0 ? cash : _whole).mint(address(desk), amount);
    }

    function wait(uint256 secs) external {
        skip(secs % (secs % 7 == 0 ? 4 days : 40 minutes));
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

    function _claimFor(Book storage book, address holder) private {
        (uint256 longs, uint256 shorts) = _held(book, holder);
        if (longs + shorts == 0) return;
        vm.prank(holder);
        _pays(book, desk.claim(book.terms));
        (longs, shorts) = _held(book, holder);
        assertEq(longs + shorts, 0);
    }

    function _pays(Book storage book, uint256 amount) private {
        book.paid += amount;
        ++book.payments;
    }

    function _note(Book storage book) private {
        if (_phase(book) != SeriesPhase.Open) book.settled = abi.encode(desk.stateOf(desk.seriesOf(book.terms)));
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

    function _proofs(uint256 time) private view returns (Proof[] memory proofs) {
        proofs = new Proof[](13);
        for (uint256 back; back <= 12; ++back) {
            Kept memory one = _kept[time - back * PERIOD];
            if (one.kept) proofs[back] = one.absent ? _absence() : _proof(one.price);
        }
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
        bytes4[] memory selectors = new bytes4[](13);
        selectors[0] = Desk.create.selector;
        selectors[1] = Desk.write.selector;
        selectors[2] = Desk.close.selector;
        selectors[3] = Desk.offer.selector;
        selectors[4] = Desk.buy.selector;
        selectors[5] = Desk.cancel.selector;
        selectors[6] = Desk.transfer.selector;
        selectors[7] = Desk.record.selector;
        selectors[8] = Desk.voidFixing.selector;
        selectors[9] = Desk.settle.selector;
        selectors[10] = Desk.claim.selector;
        selectors[11] = Desk.donate.selector;
        selectors[12] = Desk.wait.selector;
        targetSelector(address(_desk), selectors);
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
