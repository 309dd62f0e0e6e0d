// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SampleMoney} from "../../../contracts/samples/SampleMoney.sol";

/// @notice Keeps a hundredth of every transfer.
contract FeeToken is SampleMoney("FEE", 18) {
    function _update(address from, address to, uint256 amount) internal override {
        uint256 fee = from == address(0) || to == address(0) ? 0 : amount / 100;
        super._update(from, to, amount - fee);
        if (fee != 0) super._update(from, address(0), fee);
    }
}
