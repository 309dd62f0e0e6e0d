// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SeriesTerms} from "../../../contracts/options/IOptionSeries.sol";
import {SeriesKind, SeriesPayoff, Weights} from "../../../contracts/options/SeriesPayoff.sol";
import {Payoff} from "../../../contracts/options/Payoff.sol";
import {SeriesWorld} from "./SeriesWorld.sol";

/// @dev An exact fraction; `below` is above 0.
struct Rational {
    int256 above;
    int256 below;
}

/// @dev A series with what it gathered.
struct Case {
    SeriesKind kind;
    int256 k;
    int256 b;
    uint256 d;
    int256 total;
    uint256 n;
}

/// @notice What both sides receive, as the deployed contract tells it, against exact fractions of their own: ⌊x⌋ is the
/// number p with p <= x < p + 1.
contract SeriesPayoffTest is SeriesWorld {
    int256 private constant LOWEST = -(2 ** 55) + 2;
    int256 private constant HIGHEST = 2 ** 55 - 1;
    uint256 private constant MOST_TIMES = 1_024;

    function setUp() external {
        _buildSeries();
    }

    // ---------------------------------------------------------------------------------------------- one fixing

    function testFuzz_call(uint256 amount, int256 k, int256 b, int256 s, uint256 d) external view {
        (k, b) = _ordered(k, b);
        (s, d, amount) = (_price(s), bound(d, 0, 20), _amount(amount));
        Rational memory gain = _sub(_min(_max(_r(s, d), _r(k, d)), _r(b, d)), _r(k, d));
        _check(Case(SeriesKind.Call, k, b, d, s, 1), amount, gain, _sub(_r(b, d), _r(k, d)));
    }

    function testFuzz_put(uint256 amount, int256 k, int256 b, int256 s, uint256 d) external view {
        (b, k) = _ordered(k, b);
        (s, d, amount) = (_price(s), bound(d, 0, 20), _amount(amount));
        Rational memory gain = _sub(_r(k, d), _max(_min(_r(s, d), _r(k, d)), _r(b, d)));
        _check(Case(SeriesKind.Put, k, b, d, s, 1), amount, gain, _sub(_r(k, d), _r(b, d)));
    }

    function testFuzz_baseCall(uint256 amount, int256 k, int256 s) external view {
        (k, s, amount) = (bound(k, 1, HIGHEST), _price(s), _amount(amount));
        Rational memory gain = s > k ? _sub(Rational(1, 1), Rational(k, s)) : Rational(0, 1);
        _check(Case(SeriesKind.BaseCall, k, 0, 2, s, 1), amount, gain, Rational(1, 1));
    }

    function testFuzz_digitals(uint256 amount, int256 k, int256 s, uint8 near) external view {
        (k, amount) = (bound(k, LOWEST + 1, HIGHEST - 1), _amount(amount));
        s = near < 3 ? k + int256(uint256(near)) - 1 : _price(s);
        Rational memory one = Rational(1, 1);
        _check(Case(SeriesKind.DigitalCall, k, 0, 2, s, 1), amount, s > k ? one : Rational(0, 1), one);
        _check(Case(SeriesKind.DigitalPut, k, 0, 2, s, 1), amount, s < k ? one : Rational(0, 1), one);
    }

    // ---------------------------------------------------------------------------------------------- lists of times

    function testFuzz_asianCall(uint256 amount, int256 k, int256 b, uint256 n, uint256 seed, uint256 d) external view {
        (k, b) = _ordered(k, b);
        (n, d, amount) = (bound(n, 1, 40), bound(d, 0, 10), _amount(amount));
        (int256 total, Rational memory mean) = _gather(SeriesKind.AsianCall, n, seed, k, b, d);
        Rational memory gain = _sub(_min(_max(mean, _r(k, d)), _r(b, d)), _r(k, d));
        _check(Case(SeriesKind.AsianCall, k, b, d, total, n), amount, gain, _sub(_r(b, d), _r(k, d)));
    }

    function testFuzz_asianPut(uint256 amount, int256 k, int256 b, uint256 n, uint256 seed, uint256 d) external view {
        (b, k) = _ordered(k, b);
        (n, d, amount) = (bound(n, 1, 40), bound(d, 0, 10), _amount(amount));
        (int256 total, Rational memory mean) = _gather(SeriesKind.AsianPut, n, seed, b, k, d);
        Rational memory gain = _sub(_r(k, d), _max(_min(mean, _r(k, d)), _r(b, d)));
        _check(Case(SeriesKind.AsianPut, k, b, d, total, n), amount, gain, _sub(_r(k, d), _r(b, d)));
    }

    /// @dev Touched, if any one of the prices touches: each is asked on its own.
    function testFuzz_oneTouch(uint256 amount, int256 k, uint256 n, uint256 seed) external view {
        (k, n, amount) = (bound(k, LOWEST + 1, HIGHEST - 1), bound(n, 1, 40), _amount(amount));
        for (uint256 kind = uint256(SeriesKind.TouchUp); kind <= uint256(SeriesKind.TouchDown); ++kind) {
            bool up = SeriesKind(kind) == SeriesKind.TouchUp;
            (bool touched, int256 total) = (false, 0);
            for (uint256 i; i < n; ++i) {
                uint256 random = uint256(keccak256(abi.encode(seed, i)));
                int256 s = _price(int256(random));
                if (random >> 250 < 60) s = up ? bound(s, LOWEST, k) : bound(s, k, HIGHEST); // touched at most exactly
                if (up ? s >= k : s <= k) touched = true;
                total = SeriesPayoff.add(SeriesKind(kind), total, i, s);
                assertEq(SeriesPayoff.isTouched(SeriesKind(kind), k, total), touched);
            }
            Rational memory gain = Rational(touched ? int256(1) : int256(0), 1);
            _check(Case(SeriesKind(kind), k, 0, 2, total, n), amount, gain, Rational(1, 1));
        }
    }

    // ---------------------------------------------------------------------------------------------- both sides

    /// @dev Of everything that can be created: no product overflows, and the two sides weigh what is locked.
    function testFuzz_theTwoSidesWeighWhatIsLocked(
        uint8 kind_,
        int56 k,
        int56 b,
        uint8 d,
        int256 total,
        uint256 n,
        uint256 share
    ) external view {
        SeriesKind kind = SeriesKind(kind_ % 9);
        (d, n, share) = (d % 39, bound(n, 1, MOST_TIMES), bound(share, 0, 10_000));
        if (SeriesPayoff.isDigital(kind)) b = 0;
        try this.requireSound(kind, k, b, d) {} catch {
            return;
        }
        bool sums = kind == SeriesKind.AsianCall || kind == SeriesKind.AsianPut;
        total = sums ? bound(total, LOWEST * int256(n), HIGHEST * int256(n)) : _price(total);
        (uint256 width, uint256 unit) = SeriesPayoff.locked(kind, k, b, d);
        Weights memory settled = SeriesPayoff.weights(kind, k, b, d, total, n);
        assertEq((settled.long + settled.short) * unit, width * settled.unit);
        Weights memory split = SeriesPayoff.split(width, unit, share);
        assertEq((split.long + split.short) * unit, width * split.unit);
        assertEq(split.long, width * share);
        uint256 most = type(uint128).max; // reverts if it does not fit
        assertLe(most * settled.long + most * settled.short, most * most);
        assertLe(most * split.long + most * split.short, most * most);
    }

    /// @dev However the tokens are spread over claims, together they receive no more than was locked, and at most the
    /// smallest unit for each claim less.
    function testFuzz_claimsLeaveLessThanOneEach(uint256 seed, uint256 claims, int256 s, uint256 share) external pure {
        claims = bound(claims, 1, 12);
        uint256 width = 3_333;
        Weights memory w = SeriesPayoff.weights(SeriesKind.Call, 100_00, 133_33, 2, _price(s) % 200_00, 1);
        if (seed % 3 == 0) w = SeriesPayoff.split(width, 100, bound(share, 0, 10_000));
        (uint256 longs, uint256 shorts, uint256 paid) = (100 * (seed % 1_000), 100 * (seed % 1_000), 0);
        uint256 locked = (longs * width) / 100;
        for (uint256 i; i < claims; ++i) {
            uint256 random = uint256(keccak256(abi.encode(seed, i)));
            bool last = i == claims - 1;
            uint256 few = last ? longs : random % (longs + 1);
            uint256 more = last ? shorts : (random >> 128) % (shorts + 1);
            (longs, shorts) = (longs - few, shorts - more);
            paid += (few * w.long + more * w.short) / w.unit;
        }
        assertLe(paid, locked);
        assertLe(locked - paid, claims - 1);
    }

    function test_strikesBoundsAndDecimalsThatMakeNoOption() external {
        _bad(SeriesKind.Call, 100, 100, 2);
        _bad(SeriesKind.AsianCall, 100, 99, 2);
        _bad(SeriesKind.Put, 100, 100, 2);
        _bad(SeriesKind.AsianPut, 100, 101, 2);
        _bad(SeriesKind.BaseCall, 0, 0, 2);
        _bad(SeriesKind.BaseCall, 100, 1, 2);
        for (uint256 i; i < 9; ++i) {
            if (!SeriesPayoff.isDigital(SeriesKind(i))) continue;
            bytes memory reason = abi.encodeWithSelector(SeriesPayoff.NoBound.selector, i, 1);
            assertReverts(address(this), abi.encodeCall(this.requireSound, (SeriesKind(i), 100, 1, 2)), reason);
            this.requireSound(SeriesKind(i), -100, 0, 38);
        }
        bytes memory tooMany = abi.encodeWithSelector(SeriesPayoff.TooManyDecimals.selector, 39, 38);
        assertReverts(address(this), abi.encodeCall(this.requireSound, (SeriesKind.Call, 1, 2, 39)), tooMany);
    }

    function requireSound(SeriesKind kind, int256 k, int256 b, uint256 d) external pure {
        SeriesPayoff.requireSound(kind, k, b, d);
    }

    // ---------------------------------------------------------------------------------------------- helpers

    function _bad(SeriesKind kind, int256 k, int256 b, uint256 d) private {
        (bool ok, bytes memory reason) = address(this).call(abi.encodeCall(this.requireSound, (kind, k, b, d)));
        assertFalse(ok);
        assertEq(bytes32(bytes4(reason)), bytes32(Payoff.BadStrike.selector));
    }

    /// @dev Both sides receive the exact part, rounded down.
    function _check(Case memory c, uint256 amount, Rational memory gain, Rational memory whole) private view {
        SeriesTerms memory t;
        (t.kind, t.strike, t.bound, t.decimals) = (c.kind, int56(c.k), int56(c.b), uint8(c.d));
        Weights memory w = desk.weightsAt(t, int80(c.total), uint16(c.n));
        (uint256 width, uint256 unit) = desk.lockedOf(t);
        assertEq(int256(width) * whole.below, whole.above * int256(unit));
        _assertFloor((amount * w.long) / w.unit, amount, gain);
        _assertFloor((amount * w.short) / w.unit, amount, _sub(whole, gain));
    }

    /// @dev `n` prices, some of them near the two strikes, as the contract gathers them and as a mean.
    function _gather(
        SeriesKind kind,
        uint256 n,
        uint256 seed,
        int256 low,
        int256 high,
        uint256 d
    ) private pure returns (int256 total, Rational memory mean) {
        int256 sum;
        for (uint256 i; i < n; ++i) {
            uint256 random = uint256(keccak256(abi.encode(seed, i)));
            int256 s = seed % 3 == 0 ? _price(int256(random)) : bound(int256(random), low, high);
            total = SeriesPayoff.add(kind, total, i, s);
            sum += s;
        }
        mean = Rational(sum, int256(n * 10 ** d));
    }

    function _assertFloor(uint256 given, uint256 amount, Rational memory exact) private pure {
        int256 above = int256(amount) * exact.above;
        assertLe(uint256(int256(given) * exact.below), uint256(above));
        assertLt(uint256(above), (given + 1) * uint256(exact.below));
    }

    function _price(int256 seed) private pure returns (int256) {
        return bound(seed, LOWEST, HIGHEST);
    }

    function _amount(uint256 seed) private pure returns (uint256) {
        return bound(seed, 0, 2 ** 80);
    }

    function _ordered(int256 a, int256 b) private pure returns (int256 low, int256 high) {
        low = bound(a, LOWEST, HIGHEST - 1);
        high = bound(b, low + 1, HIGHEST);
    }

    function _r(int256 value, uint256 d) private pure returns (Rational memory) {
        return Rational(value, int256(10 ** d));
    }

    function _sub(Rational memory a, Rational memory b) private pure returns (Rational memory) {
        if (a.below == b.below) return Rational(a.above - b.above, a.below);
        return Rational(a.above * b.below - b.above * a.below, a.below * b.below);
    }

    function _min(Rational memory a, Rational memory b) private pure returns (Rational memory) {
        return _sub(a, b).above < 0 ? a : b;
    }

    function _max(Rational memory a, Rational memory b) private pure returns (Rational memory) {
        return _sub(a, b).above > 0 ? a : b;
    }
}
