// Abbreviations of time zones as PostgreSQL reads them: the twin of src/functions/zones/zone-abbreviations.ts.

/** Minutes of what is no abbreviation. */
// @ts-ignore: decorator
@inline export const NO_ZONE: i32 = i32.MIN_VALUE;

/** Minutes east of Greenwich; a word has its first letter in the lowest byte. */
export function abbreviationMinutes(word: u64): i32 {
  switch (<u32>word & 0xff) {
    case 0x61:
      switch (word) {
        case 0x74736b61: return -540; // akst
        case 0x74646b61: return -480; // akdt
        case 0x746361: return -300; // act
        case 0x746d61: case 0x747361: return -240; // amt ast
        case 0x746461: case 0x74737261: case 0x747261: return -180; // adt arst art
        case 0x746f7a61: return -60; // azot
        case 0x74736f7a61: return 0; // azost
        case 0x74736d61: case 0x74737a61: case 0x747a61: return 240; // amst azst azt
        case 0x746661: return 270; // aft
        case 0x746d6c61: return 360; // almt
        case 0x74736d6c61: return 420; // almst
        case 0x74737761: return 480; // awst
        case 0x7473776361: return 525; // acwst
        case 0x7473737761: return 540; // awsst
        case 0x74736361: return 570; // acst
        case 0x74736561: return 600; // aest
        case 0x74646361: case 0x7473736361: return 630; // acdt acsst
        case 0x74646561: case 0x7473736561: return 660; // aedt aesst
        case 0x7473616e61: case 0x74616e61: return 720; // anast anat
      }
      break;
    case 0x62:
      switch (word) {
        case 0x746f62: return -240; // bot
        case 0x617262: case 0x747262: return -180; // bra brt
        case 0x74737262: return -120; // brst
        case 0x747362: return 60; // bst
        case 0x74736462: return 120; // bdst
        case 0x746462: case 0x747462: return 360; // bdt btt
        case 0x746e62: case 0x74726f62: return 480; // bnt bort
      }
      break;
    case 0x63:
      switch (word) {
        case 0x746b63: return -600; // ckt
        case 0x747363: return -360; // cst
        case 0x746463: case 0x746f63: return -300; // cdt cot
        case 0x74736c63: case 0x746c63: return -180; // clst clt
        case 0x746563: return 60; // cet
        case 0x74736563: case 0x747364746563: return 120; // cest cetdst
        case 0x747863: return 420; // cxt
        case 0x746363: return 480; // cct
        case 0x74736163: return 570; // cast
        case 0x74756863: return 600; // chut
        case 0x74646163: return 630; // cadt
        case 0x7473616863: return 765; // chast
        case 0x7464616863: return 825; // chadt
      }
      break;
    case 0x64:
      switch (word) {
        case 0x74766164: return 420; // davt
        case 0x74756464: return 600; // ddut
      }
      break;
    case 0x65:
      switch (word) {
        case 0x7473736165: case 0x74736165: case 0x747365: return -300; // easst east est
        case 0x746465: return -240; // edt
        case 0x746765: return -60; // egt
        case 0x74736765: return 0; // egst
        case 0x746565: return 120; // eet
        case 0x746165: case 0x74736565: case 0x747364746565: return 180; // eat eest eetdst
      }
      break;
    case 0x66:
      switch (word) {
        case 0x74736b66: case 0x746b66: return -180; // fkst fkt
        case 0x746e66: return -120; // fnt
        case 0x74736e66: return -60; // fnst
        case 0x746566: return 180; // fet
        case 0x746a66: return 720; // fjt
        case 0x74736a66: return 780; // fjst
      }
      break;
    case 0x67:
      switch (word) {
        case 0x746d6167: return -540; // gamt
        case 0x746c6167: return -360; // galt
        case 0x747967: return -240; // gyt
        case 0x746667: return -180; // gft
        case 0x746d67: return 0; // gmt
        case 0x74736567: case 0x746567: return 240; // gest get
        case 0x746c6967: return 720; // gilt
      }
      break;
    case 0x68:
      switch (word) {
        case 0x747368: return -600; // hst
        case 0x746b68: return 480; // hkt
      }
      break;
    case 0x69:
      switch (word) {
        case 0x747369: return 120; // ist
        case 0x746469: return 180; // idt
        case 0x747269: return 210; // irt
        case 0x746f69: return 360; // iot
        case 0x746369: return 420; // ict
        case 0x74736b7269: case 0x746b7269: return 480; // irkst irkt
      }
      break;
    case 0x6a:
      switch (word) {
        case 0x7479616a: case 0x74736a: return 540; // jayt jst
      }
      break;
    case 0x6b:
      switch (word) {
        case 0x7473676b: case 0x74676b: return 360; // kgst kgt
        case 0x747361726b: case 0x7461726b: return 420; // krast krat
        case 0x74736b: return 540; // kst
        case 0x74646b: return 600; // kdt
        case 0x74736f6b: return 660; // kost
      }
      break;
    case 0x6c:
      switch (word) {
        case 0x746b6c: return 330; // lkt
        case 0x7467696c: return 600; // ligt
        case 0x7473686c: return 630; // lhst
        case 0x7464686c: return 660; // lhdt
        case 0x746e696c: return 840; // lint
      }
      break;
    case 0x6d:
      switch (word) {
        case 0x7472616d: return -570; // mart
        case 0x74736d: return -420; // mst
        case 0x74646d: return -360; // mdt
        case 0x74656d: case 0x7a656d: return 60; // met mez
        case 0x7473656d: case 0x7a73656d: case 0x74736474656d: return 120; // mest mesz metdst
        case 0x6b736d: return 180; // msk
        case 0x64736d: case 0x74756d: return 240; // msd mut
        case 0x7477616d: case 0x7473756d: case 0x74766d: return 300; // mawt must mvt
        case 0x746d6d: return 390; // mmt
        case 0x74796d: return 480; // myt
        case 0x74706d: return 600; // mpt
        case 0x747367616d: case 0x7467616d: return 660; // magst magt
        case 0x74686d: return 720; // mht
      }
      break;
    case 0x6e:
      switch (word) {
        case 0x74756e: return -660; // nut
        case 0x74666e: case 0x74736e: return -210; // nft nst
        case 0x74646e: return -150; // ndt
        case 0x74706e: return 345; // npt
        case 0x7473766f6e: case 0x74766f6e: return 420; // novst novt
        case 0x74737a6e: case 0x747a6e: return 720; // nzst nzt
        case 0x74647a6e: return 780; // nzdt
      }
      break;
    case 0x6f:
      switch (word) {
        case 0x7473736d6f: case 0x74736d6f: return 360; // omsst omst
      }
      break;
    case 0x70:
      switch (word) {
        case 0x747370: return -480; // pst
        case 0x746470: return -420; // pdt
        case 0x746570: return -300; // pet
        case 0x74736d70: case 0x74737970: case 0x747970: return -180; // pmst pyst pyt
        case 0x74646d70: return -120; // pmdt
        case 0x746b70: return 300; // pkt
        case 0x74736b70: return 360; // pkst
        case 0x746870: return 480; // pht
        case 0x747770: return 540; // pwt
        case 0x746770: return 600; // pgt
        case 0x746e6f70: return 660; // pont
        case 0x7473746570: case 0x74746570: return 720; // petst pett
      }
      break;
    case 0x72:
      switch (word) {
        case 0x746572: return 240; // ret
      }
      break;
    case 0x73:
      switch (word) {
        case 0x74736173: return 120; // sast
        case 0x746373: return 240; // sct
        case 0x746773: return 480; // sgt
        case 0x74646173: return 630; // sadt
      }
      break;
    case 0x74:
      switch (word) {
        case 0x74686174: return -600; // taht
        case 0x746674: case 0x746a74: case 0x746d74: return 300; // tft tjt tmt
        case 0x74757274: return 600; // trut
        case 0x747674: return 720; // tvt
        case 0x746b74: case 0x746f74: return 780; // tkt tot
      }
      break;
    case 0x75:
      switch (word) {
        case 0x747975: return -180; // uyt
        case 0x74737975: return -120; // uyst
        case 0x746375: case 0x7475: case 0x637475: return 0; // uct ut utc
        case 0x747a75: return 300; // uzt
        case 0x74737a75: return 360; // uzst
        case 0x74616c75: return 480; // ulat
        case 0x7473616c75: return 540; // ulast
      }
      break;
    case 0x76:
      switch (word) {
        case 0x746576: return -240; // vet
        case 0x746c6f76: return 180; // volt
        case 0x7473616c76: case 0x74616c76: return 600; // vlast vlat
        case 0x747576: return 660; // vut
      }
      break;
    case 0x77:
      switch (word) {
        case 0x746777: return -180; // wgt
        case 0x74736777: return -120; // wgst
        case 0x746577: return 0; // wet
        case 0x746177: case 0x747364746577: return 60; // wat wetdst
        case 0x74736177: return 420; // wast
        case 0x74646177: return 480; // wadt
        case 0x746477: return 540; // wdt
        case 0x746b6177: case 0x746677: return 720; // wakt wft
      }
      break;
    case 0x78:
      switch (word) {
        case 0x746a78: return 360; // xjt
      }
      break;
    case 0x79:
      switch (word) {
        case 0x746b6579: return 300; // yekt
        case 0x74736b6579: return 360; // yekst
        case 0x74736b6179: case 0x746b6179: return 540; // yakst yakt
        case 0x74706179: return 600; // yapt
      }
      break;
    case 0x7a:
      switch (word) {
        case 0x7a: case 0x756c757a: return 0; // z zulu
      }
      break;
  }
  return NO_ZONE;
}
