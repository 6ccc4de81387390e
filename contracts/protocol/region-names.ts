// Parts of the world that jurisdictions are grouped by: continents, as the United Nations count them (M49). In the subset that
// AssemblyScript shares with TypeScript, so that the subgraph's mappings and every program read the same lists.

/** Names, separated by spaces. */
export const REGION_NAMES = "Africa Americas Asia Europe Oceania";

const AFRICA =
  "DZ AO BJ BW IO BF BI CV CM CF TD KM CG CD CI DJ EG GQ ER SZ ET TF GA GM GH GN GW KE LS LR LY MG MW ML MR MU YT MA MZ NA " +
  "NE NG RE RW SH ST SN SC SL SO ZA SS SD TZ TG TN UG EH ZM ZW";
const AMERICAS =
  "AI AG AR AW BS BB BZ BM BO BQ BV BR CA KY CL CO CR CU CW DM DO EC SV FK GF GL GD GP GT GY HT HN JM MQ MX MS NI PA PY PE " +
  "PR BL KN LC MF PM VC SX GS SR TT TC US UY VE VG VI";
const ASIA =
  "AF AM AZ BH BD BT BN KH CN CY GE HK IN ID IR IQ IL JP JO KZ KW KG LA LB MO MY MV MN MM NP KP OM PK PS PH QA SA SG KR LK " +
  "SY TJ TH TL TR TM AE UZ VN YE TW";
const EUROPE =
  "AX AL AD AT BY BE BA BG HR CZ DK EE FO FI FR DE GI GR GG VA HU IS IE IM IT JE LV LI LT LU MT MD MC ME NL MK NO PL PT RO " +
  "RU SM RS SK SI ES SJ SE CH UA GB XK";
const OCEANIA = "AS AU CX CC CK FJ PF GU HM KI MH FM NR NC NZ NU NF MP PW PG PN WS SB TK TO TV UM VU WF";

/** ISO 3166-1 alpha-2 codes of their countries, in the order of the names: regions separated by commas, codes by spaces. */
export const REGION_COUNTRIES = AFRICA + "," + AMERICAS + "," + ASIA + "," + EUROPE + "," + OCEANIA;
