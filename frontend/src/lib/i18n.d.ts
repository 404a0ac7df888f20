import 'i18next'

// One line a feature: a key that does not exist does not compile.
declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'shell'
    resources: {
      about: typeof import('../about/about.fi.json')
      check: typeof import('../check/check.fi.json')
      claim: typeof import('../claim/claim.fi.json')
      comment: typeof import('../comment/comment.fi.json')
      desk: typeof import('../desk/desk.fi.json')
      equality: typeof import('../equality/equality.fi.json')
      event: typeof import('../event/event.fi.json')
      expert: typeof import('../expert/expert.fi.json')
      home: typeof import('../home/home.fi.json')
      merge: typeof import('../merge/merge.fi.json')
      numbers: typeof import('../numbers/numbers.fi.json')
      list: typeof import('../list/list.fi.json')
      office: typeof import('../office/office.fi.json')
      problem: typeof import('../problem/problem.fi.json')
      proposal: typeof import('../proposal/proposal.fi.json')
      propose: typeof import('../propose/propose.fi.json')
      results: typeof import('../results/results.fi.json')
      rights: typeof import('../rights/rights.fi.json')
      round: typeof import('../round/round.fi.json')
      shell: typeof import('../shell/shell.fi.json')
      told: typeof import('../told/told.fi.json')
      vote: typeof import('../vote/vote.fi.json')
    }
  }
}
