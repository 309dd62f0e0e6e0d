// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SampleMoney} from "../../../contracts/samples/SampleMoney.sol";

interface ITokenHooks {
    function tokensToSend() external;

    function tokensReceived() external;
}

/// @notice Calls whoever asked for it before tokens leave him and after he received some, as ERC-777 does.
contract HookToken is SampleMoney("HOOK", 18) {
    mapping(address account => bool) private _hooked;

    function hook() external {
        _hooked[msg.sender] = true;
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (_hooked[from]) ITokenHooks(from).tokensToSend();
        super._update(from, to, amount);
        if (_hooked[to]) ITokenHooks(to).tokensReceived();
    }
}
