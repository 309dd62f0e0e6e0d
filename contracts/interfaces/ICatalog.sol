// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FeedId} from "../FeedId.sol";
import {IOracle} from "./IOracle.sol";

/// @dev What a feed's prices mean. None of it ever changes: a new method is a new feed.
struct Feed {
    string symbol; // such as BTC/JPY; not unique: a successor may have it too
    uint8 decimals; // price = value · 10^−decimals
    uint32 maxInputAge; // seconds by which an input may be older than observedAt
    bytes32 method; // keccak256 of the text that says how the price is made
}

/// @title ICatalog: what the feeds of one oracle mean
/// @notice The oracle keeps only a hash of each bundle's definition. Whoever knows the definition publishes it here,
/// where it is checked against that hash; so nothing in the catalog can be wrong, only missing.
///
/// A consumer pins feeds by `FeedId` and asserts in its constructor what it was written for: one call of `feedOf`.
/// @dev Published data lie in the code of data contracts, a fifth of the price of storage, and one cold access to read.
interface ICatalog {
    /// @notice The feeds of a bundle can be read from now on.
    event Published(uint256 indexed bundle, uint256 feeds);
    /// @notice The text of a method can be read from now on.
    event MethodPublished(bytes32 indexed method);

    /// @notice The oracle does not have this bundle.
    error NotDefined(uint256 bundle);
    /// @notice This is not what the oracle's governors defined (hashes of both).
    error DefinitionMismatch(uint256 bundle, bytes32 given, bytes32 expected);
    /// @notice Nobody has published this bundle yet. Anyone who knows its definition can.
    error NotPublished(uint256 bundle);
    /// @notice The feed's bundle has only `feeds` feeds.
    error UnknownFeed(uint256 feed, uint256 feeds);
    /// @notice Nobody has published the text with this hash yet.
    error MethodNotPublished(bytes32 method);
    /// @notice The symbols, or the text, do not fit into one data contract.
    error TooLong(uint256 given, uint256 longest);

    /// @notice Publishes a bundle, with the very values that it was defined with. Changes nothing if it is published.
    /// @dev Symbols of a bundle of 256 feeds may have 56 bytes each.
    function publish(
        uint256 bundle,
        string[] calldata symbols,
        uint8[] calldata decimals,
        bytes32[] calldata methods,
        uint32[] calldata maxInputAge
    ) external;

    /// @notice Publishes the text of a method, at most 24,575 bytes.
    /// @return method Its keccak256, as in `Feed`.
    function publishMethod(string calldata text) external returns (bytes32 method);

    /// @notice The oracle whose feeds these are.
    function ORACLE() external view returns (IOracle);

    /// @notice All that is known of a feed, in one call.
    function feedOf(FeedId feed) external view returns (Feed memory);

    /// @notice The scale of a feed: price = value · 10^−decimals.
    function decimalsOf(FeedId feed) external view returns (uint8);

    /// @notice How many feeds a published bundle has: its feeds are `bundle << 8 | position` with position < size.
    function size(uint256 bundle) external view returns (uint256);

    /// @notice The published bundles, in the order of their publication.
    function bundles() external view returns (uint256[] memory);

    /// @notice The feeds with this symbol in all published bundles.
    /// @dev Walks through all of them: for people and programs, not for contracts, which pin a `FeedId`.
    function find(string calldata symbol) external view returns (FeedId[] memory);

    /// @notice The published text of a method.
    function methodText(bytes32 method) external view returns (string memory);
}
