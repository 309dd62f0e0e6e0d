import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** The oracle, governed by the gate from its first block. Several oracles may have the same gate. */
export default buildModule("Oracle", (m) => ({
  contract: m.contract("Oracle", [
    m.getParameter("gate"),
    m.getParameter("salt"),
    m.getParameter("dispute"),
    m.getParameter("latestDelay"),
  ]),
}));
