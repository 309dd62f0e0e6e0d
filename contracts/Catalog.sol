// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bytes} from "@openzeppelin/contracts/utils/Bytes.sol";

import {Blob, LONGEST_BLOB} from "./Blob.sol";
import {Definition} from "./Definition.sol";
import {FeedId, feedId, ImpossibleFeed} from "./FeedId.sol";
import {Feed, ICatalog} from "./interfaces/ICatalog.sol";
import {IOracle} from "./interfaces/IOracle.sol";

/// @title Catalog
/// @notice See ICatalog.
/// @dev A bundle's blob: a row for each feed, method:32 maxInputAge:4 decimals:1 symbolEnd:2, then the symbols. A symbol
/// reaches from the end of the one before it (or of the rows) to its own end, both counted from the start of the blob.
contract Catalog is ICatalog {
    struct Entry {
        address blob;
        uint16 feeds; // 0: not published
    }

    uint256 private constant ROW = 39;
    uint256 private constant TAIL = 32; // of a row: where maxInputAge, decimals and symbolEnd begin

    /// @inheritdoc ICatalog
    IOracle public immutable ORACLE;

    uint256[] private _bundles;
    mapping(uint256 bundle => Entry) private _entries;
    mapping(bytes32 method => address blob) private _methods;

    /// @param oracle Whose feeds these are.
    constructor(IOracle oracle) {
        ORACLE = oracle;
    }

    /// @inheritdoc ICatalog
    function publish(
        uint256 bundle,
        string[] calldata symbols,
        uint8[] calldata decimals,
        bytes32[] calldata methods,
        uint32[] calldata maxInputAge
    ) external {
        bytes32 expected = ORACLE.definition(bundle);
        if (expected == 0) revert NotDefined(bundle);
        if (symbols.length == 0) revert DefinitionMismatch(bundle, 0, expected);
        bytes32 given = Definition.hash(bundle, symbols, decimals, methods, maxInputAge);
        if (given != expected) revert DefinitionMismatch(bundle, given, expected);
        if (_entries[bundle].feeds != 0) return;
        Blob blob = new Blob(_pack(symbols, decimals, methods, maxInputAge));
        _entries[bundle] = Entry(address(blob), uint16(symbols.length));
        _bundles.push(bundle);
        emit Published(bundle, symbols.length);
    }

    /// @inheritdoc ICatalog
    function publishMethod(string calldata text) external returns (bytes32 method) {
        method = keccak256(bytes(text));
        if (_methods[method] != address(0)) return method;
        if (bytes(text).length > LONGEST_BLOB) revert TooLong(bytes(text).length, LONGEST_BLOB);
        _methods[method] = address(new Blob(bytes(text)));
        emit MethodPublished(method);
    }

    /// @inheritdoc ICatalog
    function feedOf(FeedId feed) external view returns (Feed memory result) {
        (bytes memory data, uint256 feeds) = _read(feed);
        uint256 row = feed.position() * ROW;
        uint256 tail = _load(data, row + TAIL);
        result.method = bytes32(_load(data, row));
        result.maxInputAge = uint32(tail >> 224);
        result.decimals = uint8(tail >> 216);
        result.symbol = string(_symbol(data, feeds, feed.position()));
    }

    /// @inheritdoc ICatalog
    function decimalsOf(FeedId feed) external view returns (uint8) {
        (bytes memory data, ) = _read(feed);
        return uint8(_load(data, feed.position() * ROW + TAIL) >> 216);
    }

    /// @inheritdoc ICatalog
    function size(uint256 bundle) external view returns (uint256) {
        return _published(bundle).feeds;
    }

    /// @inheritdoc ICatalog
    function bundles() external view returns (uint256[] memory) {
        return _bundles;
    }

    /// @inheritdoc ICatalog
    function find(string calldata symbol) external view returns (FeedId[] memory feeds) {
        bytes32 wanted = keccak256(bytes(symbol));
        FeedId[] memory longer;
        for (uint256 i; i < _bundles.length; ++i) {
            Entry memory entry = _entries[_bundles[i]];
            bytes memory data = _dataOf(entry.blob);
            for (uint256 position; position < entry.feeds; ++position) {
                if (keccak256(_symbol(data, entry.feeds, position)) != wanted) continue;
                longer = new FeedId[](feeds.length + 1);
                for (uint256 j; j < feeds.length; ++j) longer[j] = feeds[j];
                longer[feeds.length] = feedId(_bundles[i], position);
                feeds = longer;
            }
        }
    }

    /// @inheritdoc ICatalog
    function methodText(bytes32 method) external view returns (string memory) {
        if (_methods[method] == address(0)) revert MethodNotPublished(method);
        return string(_dataOf(_methods[method]));
    }

    function _pack(
        string[] calldata symbols,
        uint8[] calldata decimals,
        bytes32[] calldata methods,
        uint32[] calldata maxInputAge
    ) private pure returns (bytes memory data) {
        uint256 rows = symbols.length * ROW;
        uint256 end = rows;
        for (uint256 i; i < symbols.length; ++i) end += bytes(symbols[i]).length;
        if (end > LONGEST_BLOB) revert TooLong(end, LONGEST_BLOB);

        // 32 bytes are written at a time, from front to back: what is written too much is overwritten by what follows,
        // and behind the end there is room for it.
        data = new bytes(end + 32);
        end = rows;
        for (uint256 i; i < symbols.length; ++i) {
            end += bytes(symbols[i]).length;
            _store(data, i * ROW, uint256(methods[i]));
            _store(
                data,
                i * ROW + TAIL,
                (uint256(maxInputAge[i]) << 224) | (uint256(decimals[i]) << 216) | (end << 200)
            );
        }
        end = rows;
        for (uint256 i; i < symbols.length; ++i) {
            bytes calldata symbol = bytes(symbols[i]);
            for (uint256 j; j < symbol.length; j += 32) _store(data, end + j, uint256(bytes32(symbol[j:])));
            end += symbol.length;
        }
        assembly ("memory-safe") {
            mstore(data, end)
        }
    }

    function _symbol(bytes memory data, uint256 feeds, uint256 position) private pure returns (bytes memory) {
        uint256 start = position == 0 ? feeds * ROW : _symbolEnd(data, position - 1);
        return Bytes.slice(data, start, _symbolEnd(data, position));
    }

    function _symbolEnd(bytes memory data, uint256 position) private pure returns (uint256) {
        return uint16(_load(data, position * ROW + TAIL) >> 200);
    }

    /// @dev The blob of a feed's bundle, and how many feeds it has; reverts where there is no such feed.
    function _read(FeedId feed) private view returns (bytes memory data, uint256 feeds) {
        if (FeedId.unwrap(feed) >= 2 ** 32) revert ImpossibleFeed(FeedId.unwrap(feed));
        Entry memory entry = _published(feed.bundle());
        if (feed.position() >= entry.feeds) revert UnknownFeed(FeedId.unwrap(feed), entry.feeds);
        return (_dataOf(entry.blob), entry.feeds);
    }

    function _published(uint256 bundle) private view returns (Entry memory entry) {
        entry = _entries[bundle];
        if (entry.feeds == 0) revert NotPublished(bundle);
    }

    function _dataOf(address blob) private view returns (bytes memory) {
        return Bytes.slice(blob.code, 1);
    }

    /// @dev 32 bytes of `data`, which need not all be inside of it. Rows are no multiple of 32 bytes, which Solidity
    /// would read and write one byte at a time.
    function _load(bytes memory data, uint256 offset) private pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := mload(add(add(data, 32), offset))
        }
    }

    /// @dev As _load; the caller has made room for 32 bytes from `offset`.
    function _store(bytes memory data, uint256 offset, uint256 value) private pure {
        assembly ("memory-safe") {
            mstore(add(add(data, 32), offset), value)
        }
    }
}
