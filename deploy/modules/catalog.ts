import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** The catalog of an oracle's feeds. */
export default buildModule("Catalog", (m) => ({
  contract: m.contract("Catalog", [m.getParameter("oracle")]),
}));
