// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOracle} from "./interfaces/IOracle.sol";

/// @title Governed: one governor, the two-person gate
abstract contract Governed is IOracle {
    address internal _governor;

    modifier onlyGovernor() {
        if (msg.sender != _governor) revert NotGovernor(msg.sender, _governor);
        _;
    }

    constructor(address governor) {
        _setGovernor(governor);
    }

    /// @inheritdoc IOracle
    function setGovernor(address next) external onlyGovernor {
        _setGovernor(next);
    }

    function _setGovernor(address next) private {
        if (next == address(0)) revert ZeroGovernor();
        _governor = next;
        emit GovernorSet(next);
    }
}
