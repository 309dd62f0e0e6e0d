import type { PageReason } from "../relayer/relay-error.ts";
import type { Page } from "../signer/agreement/effects.ts";
import type { Evidence } from "../signer/agreement/evidence.ts";
import type { InstancePage } from "./instance.ts";

/** The languages that operators are spoken to in. */
export type Language = "en" | "ja";

type Text = Readonly<Record<Language, string>>;

/** What a page is about, and what to do. The relayer's own message, which has the numbers, stands behind it. */
export const RELAYER_PAGES: Readonly<Record<PageReason, Text>> = {
  chain: {
    en: "The chain cannot be read, or is not ours. Check the node and its URL.",
    ja: "チェーンを参照できないか、接続先が異なります。ノードと接続先 URL を確認してください。",
  },
  refused: {
    en: "The chain would refuse the report, so it was not sent. Find out why before anything else is done.",
    ja: "チェーンが受け付けないレポートのため、送信していません。まず原因を確認してください。",
  },
  reverted: {
    en: "A transmission was mined and reverted. Look at the transaction.",
    ja: "送信した取引がブロックに入りましたが、失敗（revert）しました。取引の内容を確認してください。",
  },
  feeCap: {
    en: "Gas costs more than the cap; nothing is sent. Wait, or have the cap raised by two people.",
    ja: "ガス代が上限を超えているため、送信を見合わせています。下がるのを待つか、二人承認のうえで上限を引き上げてください。",
  },
  funds: {
    en: "The sender's account cannot pay. Top it up.",
    ja: "送信用口座の残高が不足しています。補充してください。",
  },
  kms: {
    en: "KMS does not sign for the sender. Check the key's state and policy.",
    ja: "KMS が送信用の鍵で署名しません。鍵の状態とポリシーを確認してください。",
  },
  stuck: {
    en: "A transmission is in no block yet. It is sent again with the next report; look at fees and node.",
    ja: "送信した取引がまだブロックに入っていません。次のレポートで再送します。手数料とノードを確認してください。",
  },
  nonceTaken: {
    en: "Someone else sends with the sender's key. The relayer has stopped; secure the key first.",
    ja: "送信用の鍵が第三者に使われています。リレイヤーは停止しました。直ちに鍵を保全してください。",
  },
  fault: {
    en: "Something happened that should not. Keep the log and call a developer.",
    ja: "想定外の事象です。ログを保全し、開発担当に連絡してください。",
  },
};

/** The same for what a signer meets. */
export const SIGNER_PAGES: Readonly<Record<Page["reason"], Text>> = {
  dissent: {
    en: "Decided, but our own market disagrees: not signed. Compare the venues before anything else.",
    ja: "合意された価格が自社の観測と乖離しているため、署名していません。まず取引所ごとの価格を照合してください。",
  },
  unobserved: {
    en: "Decided without an observation of ours: not signed. Was the process down at that time?",
    ja: "当方が観測していない時刻の合意のため、署名していません。その時刻の稼働状況を確認してください。",
  },
  halted: {
    en: "This signer is halted: not signed.",
    ja: "署名停止中のため、署名していません。",
  },
  market: {
    en: "The own market view gave no answer: not observed. Look at the venues and the network.",
    ja: "市場データを取得できず、観測していません。取引所とネットワークを確認してください。",
  },
  kms: {
    en: "KMS does not sign with the report key. Check the key's state and policy; the others may still reach a quorum.",
    ja: "KMS がレポート用の鍵で署名しません。鍵の状態とポリシーを確認してください。ほかの署名者で定足数に達する場合があります。",
  },
  wrongSignature: {
    en: "KMS returned a signature that is not by the pinned key. Stop this signer and look at the key.",
    ja: "KMS の署名が、登録済みの鍵のものではありません。この署名者を停止し、鍵を確認してください。",
  },
  conflict: {
    en: "Another root was decided than this key was asked to sign. Stop this signer; keep its store.",
    ja: "署名を依頼したものと異なる内容で合意されました。この署名者を停止し、データを保全してください。",
  },
  sitOut: {
    en: "The store is new or restored: no votes for two ticks. Nothing to do.",
    ja: "新規または復元された保存領域のため、2 ティックの間は投票しません。対応は不要です。",
  },
  clock: {
    en: "The clock is too far from its peers': not observing. Check the time service.",
    ja: "時計がほかの署名者とずれているため、観測していません。時刻同期を確認してください。",
  },
  absent: {
    en: "A fixing is lost: a day has passed without a quorum. Options settle by their stated rule; inform those who settle on it.",
    ja: "定足数に達しないまま 1 日が経過し、フィキシングは不成立となりました。オプションは所定のルールで決済されます。利用者に通知してください。",
  },
};

/** The same for what another signer did. */
export const EVIDENCE_PAGES: Readonly<Record<Evidence["kind"], Text>> = {
  equivocation: {
    en: "A signer contradicted itself; both signed messages are kept. Inform the other members.",
    ja: "署名者が矛盾するメッセージに署名しました。双方とも保存済みです。ほかのメンバーに連絡してください。",
  },
  censorship: {
    en: "A proposal left out a feed that observations would have priced; the messages are kept.",
    ja: "観測値があるにもかかわらず、価格を除外した提案がありました。メッセージは保存済みです。",
  },
  badProposal: {
    en: "A signed proposal that nobody may vote for; it is kept.",
    ja: "投票の対象になり得ない提案に署名がありました。保存済みです。",
  },
  permanentDissent: {
    en: "A signer dissents from one feed without end; the first and the latest dissent are kept.",
    ja: "特定の銘柄について、異議を続けている署名者がいます。最初と最新の異議を保存済みです。",
  },
};

/** A page as an operator reads it. */
export function pageText(page: InstancePage, language: Language): string {
  if (page.from === "relayer") {
    const { reason, message } = page.page;
    return `${RELAYER_PAGES[reason][language]} (${message})`;
  }
  if ("evidence" in page) {
    const { kind, accused, time, about } = page.evidence;
    return `${page.member}: ${EVIDENCE_PAGES[kind][language]} (signer-${accused + 1}, ${iso(time)}, ${about})`;
  }
  const { reason, ...facts } = page.page;
  return `${page.member}: ${SIGNER_PAGES[reason][language]} (${factsText(facts)})`;
}

/** `--lang`, else the system's own language where we speak it, else English. */
export function languageOf(named: Language | undefined, locale = systemLocale()): Language {
  return named ?? (locale.startsWith("ja") ? "ja" : "en");
}

function systemLocale(): string {
  return Intl.DateTimeFormat().resolvedOptions().locale;
}

function factsText(facts: Readonly<Record<string, unknown>>): string {
  return Object.entries(facts)
    .map(([name, value]) => {
      const text = typeof value === "string" ? value : JSON.stringify(value);
      return `${name} ${typeof value === "number" && (name === "time" || name === "until") ? iso(value) : text}`;
    })
    .join(", ");
}

function iso(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}
