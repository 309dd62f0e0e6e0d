// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FeedId, NO_PRICE, feedId} from "../../../contracts/FeedId.sol";
import {Catalog} from "../../../contracts/Catalog.sol";
import {IOracle} from "../../../contracts/interfaces/IOracle.sol";
import {Proof} from "../../../contracts/options/ExpiryFixing.sol";
import {Options} from "../../../contracts/options/Options.sol";
import {Terms} from "../../../contracts/options/IOptions.sol";
import {Kind} from "../../../contracts/options/Payoff.sol";
import {SampleMoney} from "../../../contracts/samples/SampleMoney.sol";
import {SilentToken} from "../mocks/SilentToken.sol";
import {Test, vm} from "../utils/Test.sol";

/// @notice A real oracle with one signer and two bundles of one feed each, a seller, a buyer, and money. Options are on
/// the feed of bundle 1, which a report may leave out; bundle 0 is in every report.
abstract contract OptionWorld is Test {
    uint256 internal constant PERIOD = 300;
    uint256 internal constant DISPUTE = 1 hours;
    uint256 internal constant GRACE = 7 days;
    uint256 internal constant LAST = 330 days;
    uint256 internal constant SPAN = 8_192 * PERIOD;
    uint256 internal constant EXPIRY = START + 30 days;
    uint256 internal constant DEADLINE = EXPIRY + GRACE;
    int256 internal constant OTHER_PRICE = 15_000;

    bytes32 internal constant METHOD = keccak256("median of venues");
    FeedId internal immutable FEED = feedId(1, 0);

    IOracle internal oracle;
    Options internal options;
    SampleMoney internal cash;
    address internal seller;
    address internal buyer;
    uint8 internal feedDecimals = 2; // whoever wants others sets them before _build

    address private _signer;
    uint256 private _key;

    function _build() internal {
        warp(START);
        (_signer, _key) = account("signer");
        seller = actor("seller");
        buyer = actor("buyer");
        oracle = IOracle(
            deploy("Oracle.sol:Oracle", abi.encode(address(this), keccak256("nakane:local:test"), DISPUTE, 120))
        );
        Catalog catalog = Catalog(deploy("Catalog.sol:Catalog", abi.encode(oracle)));
        for (uint256 bundle; bundle < 2; ++bundle) _define(catalog, bundle);
        oracle.setSigners(abi.encodePacked(uint8(1), uint8(1), _signer), START, 0);
        options = Options(deploy("options/Options.sol:Options", abi.encode(catalog)));
        cash = new SampleMoney("JPYT", 18);
        _fund(cash, seller);
        _fund(cash, buyer);
    }

    /// @dev Plenty of `token`, approved to the options contract.
    function _fund(SampleMoney token, address holder) internal {
        token.mint(holder, 1e40);
        vm.prank(holder);
        token.approve(address(options), type(uint256).max);
    }

    /// @dev 1,000 of a token that answers nothing for seller and buyer, approved to the spender.
    function _silentMoney(address spender) internal returns (SilentToken token) {
        token = new SilentToken();
        address[2] memory both = [seller, buyer];
        for (uint256 i; i < 2; ++i) {
            token.mint(both[i], 1_000e18);
            vm.prank(both[i]);
            token.approve(spender, 1_000e18);
        }
    }

    /// @dev A call on 2 units, strike 100.00, cap 150.00.
    function _call() internal view returns (Terms memory terms) {
        terms.seller = seller;
        terms.kind = Kind.Call;
        terms.feed = FEED;
        terms.decimals = 2;
        terms.method = METHOD;
        terms.strike = 100_00;
        terms.bound = 150_00;
        terms.size = 2e18;
        terms.token = cash;
        terms.premium = 5e18;
        terms.premiumToken = cash;
        terms.buyBefore = uint32(EXPIRY);
        terms.expiry = uint32(EXPIRY);
        terms.buyerShare = 2_500;
    }

    function _sell(Terms memory terms) internal returns (bytes32 id) {
        vm.prank(terms.seller);
        id = options.create(terms);
        vm.prank(buyer);
        options.buy(terms);
    }

    // ---------------------------------------------------------------------------------------------- reports

    /// @dev Records the report of `time`, in which bundle 1 says `price`; if `stored`, its fixing is stored, and at once
    /// it is the latest price.
    function _record(uint256 time, int256 price, bool stored) internal {
        bytes32 root = _parent(_leaf(0, OTHER_PRICE), _leaf(1, price));
        bytes memory part =
            stored ? _part(1, price, 3, _leaf(0, OTHER_PRICE)) : _part(0, OTHER_PRICE, 0, _leaf(1, price));
        oracle.record(bytes.concat(_header(time, root), part));
    }

    /// @dev Records a stored fixing of `time` as soon as it may be, and waits until it is final.
    function _fix(uint256 time, int256 price) internal {
        if (now_() < time) warp(time);
        _record(time, price, true);
        skip(DISPUTE);
    }

    /// @dev Records the report of `time`, which leaves bundle 1 out.
    function _recordWithout(uint256 time) internal {
        bytes32 root = _parent(_leaf(0, OTHER_PRICE), 0);
        oracle.record(bytes.concat(_header(time, root), _part(0, OTHER_PRICE, 0, 0)));
    }

    /// @dev Proves what _record recorded.
    function _proof(int256 price) internal view returns (Proof memory proof) {
        proof.part = _part(1, price, 0, _leaf(0, OTHER_PRICE));
    }

    /// @dev Proves that _recordWithout left bundle 1 out.
    function _absence() internal view returns (Proof memory proof) {
        proof.siblings = new bytes32[](1);
        proof.siblings[0] = _leaf(0, OTHER_PRICE);
    }

    function _define(Catalog catalog, uint256 bundle) private {
        string[] memory symbols = new string[](1);
        uint8[] memory decimals = new uint8[](1);
        bytes32[] memory methods = new bytes32[](1);
        uint32[] memory ages = new uint32[](1);
        (symbols[0], decimals[0], methods[0], ages[0]) = (
            bundle == 1 ? "BTC/JPY" : "USD/JPY",
            feedDecimals,
            METHOD,
            60
        );
        oracle.defineBundle(bundle, symbols, decimals, methods, ages);
        catalog.publish(bundle, symbols, decimals, methods, ages);
    }

    function _header(uint256 time, bytes32 root) private view returns (bytes memory) {
        (, , , , bytes32 domain, ) = oracle.config();
        bytes32 message = keccak256(abi.encode(keccak256("Report(uint32 observedAt,bytes32 root)"), time, root));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_key, keccak256(abi.encodePacked(hex"1901", domain, message)));
        uint256 vs = uint256(s) | (uint256(v - 27) << 255);
        return abi.encodePacked(uint32(time), uint8(1), uint8(1), _signer, uint8(0), r, vs);
    }

    /// @dev One word at depth 1; bit 0 of `mask` stores the fixing, bit 1 the latest price.
    function _part(uint256 bundle, int256 price, uint8 mask, bytes32 sibling) private pure returns (bytes memory) {
        return abi.encodePacked(uint24(bundle), mask, uint8(1), sibling, _word(price));
    }

    function _leaf(uint256 bundle, int256 price) private view returns (bytes32) {
        bytes memory leaf = abi.encodePacked(uint24(bundle), oracle.definition(bundle), _word(price));
        return keccak256(abi.encode(keccak256(leaf)));
    }

    function _parent(bytes32 left, bytes32 right) private pure returns (bytes32) {
        return keccak256(abi.encode(left, right));
    }

    function _word(int256 price) private pure returns (bytes28) {
        bytes7 none = bytes7(uint56(int56(NO_PRICE)));
        return bytes28(abi.encodePacked(none, none, none, bytes7(uint56(int56(price)))));
    }
}
