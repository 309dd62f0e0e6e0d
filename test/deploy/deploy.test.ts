import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import hre, { network } from "hardhat";

import {
  type AddressBook,
  readAddressBook,
  verifyAddressBook,
  writeAddressBook,
} from "../../oracle/relayer/address-book.ts";
import { CREATE2_SALT, CREATE_X } from "../../deploy/create2.ts";
import { deployNakane, planDeployment } from "../../deploy/deploy.ts";
import { parseParameters, readParameters } from "../../deploy/parameters.ts";

const PARAMETERS = readParameters(join(import.meta.dirname, "../../deploy/parameters.example.json"));

/** A chain with the factory. Ignition brings it to chain 31337 itself; elsewhere it must be there. */
async function chainWithFactory(chainId: number, code: string) {
  const chain = await network.create({ override: { chainId } });
  await chain.networkHelpers.setCode(CREATE_X, code);
  return chain;
}

describe("deployment", () => {
  let folder: string;
  let file: string;
  let chain: Awaited<ReturnType<typeof network.create>>;
  let book: AddressBook;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "nakane-deploy-"));
    file = join(folder, "addresses", "local.json");
    chain = await network.create();
    book = await deployNakane(chain, PARAMETERS);
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("puts everything where it was planned, with equal addresses on another chain and from another sender", async () => {
    const planned = await planDeployment(PARAMETERS);
    for (const name of ["gate", "oracle", "catalog"] as const) {
      expect(book.contracts[name].address).to.equal(planned[name].address);
    }
    const other = await chainWithFactory(4242, await chain.ethers.provider.getCode(CREATE_X));
    await other.networkHelpers.setNonce((await other.ethers.getSigners())[0]!.address, 77);
    const second = await deployNakane(other, PARAMETERS);
    expect(second.contracts).to.deep.equal(book.contracts);
    expect([book.chainId, second.chainId]).to.deep.equal([31337, 4242]);
  });

  it("is of the code that is tested, with Hardhat's own command too: one way to build, one salt", () => {
    const { default: tested, production } = hre.config.solidity.profiles;
    expect(production!.compilers).to.deep.equal(tested!.compilers);
    expect([production!.isolated, tested!.isolated]).to.deep.equal([false, false]);
    expect(hre.userConfig.ignition?.strategyConfig?.create2?.salt).to.equal(CREATE2_SALT);
  });

  it("gives other parameters other addresses", async () => {
    const planned = await planDeployment({ ...PARAMETERS, mode: "production" });
    expect(planned.gate.address).to.equal(book.contracts.gate.address);
    expect(planned.oracle.address).not.to.equal(book.contracts.oracle.address);
    expect(planned.catalog.address).not.to.equal(book.contracts.catalog.address);
  });

  it("sends nothing where everything is there already", async () => {
    const before = await chain.ethers.provider.getBlockNumber();
    expect(await deployNakane(chain, PARAMETERS)).to.deep.equal(book);
    expect(await chain.ethers.provider.getBlockNumber()).to.equal(before);
  });

  it("leaves whoever deployed without any right", async () => {
    const [deployer] = await chain.ethers.getSigners();
    const gate = await chain.ethers.getContractAt("TwoPersonGate", book.contracts.gate.address);
    const oracle = await chain.ethers.getContractAt("Oracle", book.contracts.oracle.address);
    expect(await gate.members()).to.deep.equal(PARAMETERS.members);
    expect(await gate.guardians()).to.deep.equal(PARAMETERS.guardians);
    expect((await oracle.config())[5]).to.equal(book.contracts.gate.address);
    await expect(oracle.connect(deployer).halt(0))
      .to.be.revertedWithCustomError(oracle, "NotGovernor")
      .withArgs(deployer!.address, book.contracts.gate.address);
    await expect(gate.connect(deployer).halt(book.contracts.oracle.address, 0))
      .to.be.revertedWithCustomError(gate, "NotGuardian")
      .withArgs(deployer!.address);
    await expect(gate.connect(deployer).propose(book.contracts.oracle.address, "0x", `0x${"00".repeat(32)}`))
      .to.be.revertedWithCustomError(gate, "NotMember")
      .withArgs(deployer!.address);
  });

  it("has its constructor arguments read back", async () => {
    const oracle = await chain.ethers.getContractAt("Oracle", book.contracts.oracle.address);
    const [signers, retired, dispute, latestDelay] = await oracle.config();
    expect([signers, retired, dispute, latestDelay]).to.deep.equal([0n, 0n, 3600n, 120n]);
    expect((await oracle.eip712Domain())[5]).to.equal(book.salt);
  });

  describe("the address book", () => {
    it("is written, read back and verified", async () => {
      writeAddressBook(file, book);
      expect(readAddressBook(file)).to.deep.equal(book);
      await verifyAddressBook(readAddressBook(file), chain.ethers.provider);
    });

    it("is refused on another chain", async () => {
      const other = await network.create({ override: { chainId: 4243 } });
      await refused(book, /the chain id is 31337 in the book, but 4243 in truth/, other);
    });

    it("is refused where there is no code", async () => {
      await refused(
        edited((b) => (b.contracts.gate.address = `0x${"11".repeat(20)}`)),
        /gate is at 0x11.* no code there/,
      );
    });

    it("is refused where the code is another's", async () => {
      await refused(
        edited((b) => (b.contracts.oracle.address = b.contracts.catalog.address)),
        /the code hash of oracle at 0x\w+ is 0x\w+ in the book, but 0x\w+ in truth/,
      );
      await refused(
        edited((b) => (b.contracts.catalog.codeHash = `0x${"00".repeat(32)}`)),
        /the code hash of catalog/,
      );
    });

    it("is refused where the network or the salt is another's", async () => {
      await refused(
        edited((b) => (b.mode = "production")),
        /the network's salt is 0x\w+ in the book, but 0x\w+/,
      );
      await refused(
        edited((b) => (b.network = "remote")),
        /the network's salt/,
      );
    });

    it("is refused where the contracts do not belong together", async () => {
      const second = await deployNakane(chain, { ...PARAMETERS, dispute: 60 });
      await refused(
        edited((b) => (b.contracts.catalog = second.contracts.catalog)),
        /the catalog's oracle is 0x/,
      );
      const third = await deployNakane(chain, { ...PARAMETERS, network: "third" });
      await refused(
        edited((b) => (b.contracts.oracle = third.contracts.oracle)),
        /the salt of the oracle's domain/,
      );
      const fewer = PARAMETERS.members.toReversed();
      const fourth = await deployNakane(chain, { ...PARAMETERS, members: fewer });
      await refused(
        edited((b) => (b.contracts.gate = fourth.contracts.gate)),
        /governor \(the gate\) is 0x/,
      );
    });

    it("is refused in another form, with what is wrong", () => {
      const wrong = join(folder, "wrong.json");
      writeFileSync(wrong, JSON.stringify({ ...book, chainId: "1", extra: true }));
      expect(() => readAddressBook(wrong)).to.throw(/is not an address book:[^]*chainId/);
      expect(readFileSync(wrong, "utf8")).to.contain("extra");
      writeFileSync(wrong, JSON.stringify(book).slice(0, -9)); // cut short
      expect(() => readAddressBook(wrong)).to.throw(/wrong\.json is not an address book:\n.*JSON/);
      expect(() => readAddressBook(`${wrong}.none`)).to.throw(/ENOENT.*wrong\.json\.none/);
    });
  });

  describe("its parameters", () => {
    it("are refused with what is wrong", () => {
      const parse = (change: object) => () => parseParameters({ ...PARAMETERS, ...change });
      const [first] = PARAMETERS.members;
      expect(parse({ members: PARAMETERS.members.slice(1) })).to.throw(/at least four members/);
      expect(parse({ members: [...PARAMETERS.members, first] })).to.throw(/an address stands twice/);
      expect(parse({ members: [...PARAMETERS.members, first?.toLowerCase()] })).to.throw(
        /an address stands twice/,
      );
      expect(parse({ guardians: [] })).to.throw(/at least one guardian/);
      expect(parse({ guardians: [`0x${"00".repeat(20)}`] })).to.throw(/not an address/);
      expect(parse({ dispute: 86_401 })).to.throw(/dispute/);
      expect(parse({ latestDelay: 0 })).to.throw(/latestDelay/);
      expect(parse({ network: "Local" })).to.throw(/network/);
      expect(parse({ mode: "prod" })).to.throw(/mode/);
      expect(parse({ owner: first })).to.throw(/owner/);
      const broken = join(folder, "parameters.json");
      writeFileSync(broken, JSON.stringify(PARAMETERS).slice(0, -9));
      expect(() => readParameters(broken)).to.throw(/parameters\.json cannot be used:\n.*JSON/);
    });
  });

  function edited(change: (copy: AddressBook) => unknown): AddressBook {
    const copy = structuredClone(book);
    change(copy);
    return copy;
  }

  async function refused(wrong: AddressBook, why: RegExp, on = chain): Promise<void> {
    let message = "";
    try {
      await verifyAddressBook(wrong, on.ethers.provider);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).to.match(why);
  }
});
