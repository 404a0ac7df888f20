package handlers

import (
	"osbu/domain/picture"
	"osbu/domain/roll"
)

// policies is the one table from an operation of the contract, by its id, to
// what HTTP does to it. What is not said is the zero value.
var policies = map[string]Policy{
	// session
	"getSession":       {},
	"signOut":          {}, // signing out twice is no fault
	"listSessions":     {Audience: Herself},
	"signOutElsewhere": {Audience: Herself},
	"beginSignIn":      {Pace: BySignIn},
	"finishSignIn":     {Pace: BySignIn},

	// mailbox
	"getMailbox":        {Audience: SignedIn},
	"updateMailbox":     {Audience: SignedIn, Body: textBody, Keeps: Texts},
	"forgetMailbox":     {Audience: SignedIn},
	"confirmMailbox":    {Body: tokenBody},
	"askUnsubscription": {},
	"unsubscribe":       {Body: tokenBody, Media: Unread},

	// reminder
	"getReminders": {Audience: Herself},
	"askReminders": {Audience: SignedIn, Body: textBody, Keeps: Texts},

	// person
	"exportPerson": {Audience: Herself},
	"erasePerson":  {Audience: Herself},

	// city
	"getCity":     {},
	"listHelpers": {Compress: true, Caching: seconds},

	// map
	"getMap": {},

	// round
	"listPresets":     {},
	"listRounds":      {Together: true, Compress: true},
	"createRound":     {Audience: Officials, Body: textBody},
	"getRound":        {Together: true, Compress: true},
	"renameRound":     {Audience: Officials, Body: textBody},
	"deleteRound":     {Audience: Officials},
	"changeSettings":  {Audience: Officials, Body: textBody},
	"moveTimes":       {Audience: Officials, Body: textBody},
	"getNextStep":     {Audience: Officials, Compress: true},
	"takeStep":        {Audience: Officials, Body: textBody, Deadline: stepDeadline},
	"askStep":         {Audience: Officials, Body: textBody},
	"confirmStep":     {Audience: Officials, Body: textBody, Deadline: stepDeadline},
	"refuseStep":      {Audience: Officials, Body: textBody},
	"trySealing":      {Audience: Officials, Body: textBody},
	"tryRule":         {Audience: Officials, Body: textBody, Deadline: stepDeadline, Crowd: Searching},
	"correctDecision": {Audience: Officials, Body: textBody},
	"checkAudit":      {Audience: Officials},
	"listAudit":       {Audience: Officials, Compress: true},
	"getAuditChoices": {Audience: Officials, Compress: true},
	"exportAudit":     {Audience: Officials, Compress: true},

	// roll
	"getRollStatus":     {Audience: Officials, Compress: true},
	"getRollImport":     {Audience: Officials, Compress: true},
	"beginRollImport":   {Audience: Officials, Body: textBody},
	"sendRollPart":      {Audience: Officials, Body: roll.PartBytes, Media: Octets},
	"checkRollImport":   {Audience: Officials},
	"takeRollImport":    {Audience: Officials, Body: textBody},
	"dropRollImport":    {Audience: Officials},
	"issueCodes":        {Audience: Officials, Body: textBody},
	"askCodes":          {Audience: Officials, Body: textBody},
	"confirmCodes":      {Audience: Officials, Body: textBody},
	"refuseCodes":       {Audience: Officials, Body: textBody},
	"voidCodes":         {Audience: Officials, Body: textBody},
	"getRights":         {Audience: Voters, Pace: ByCode},
	"issueCredential":   {Audience: Voters, Body: tokenBody, Pace: ByCode, Crowd: Issuing},
	"getRecovery":       {Audience: Voters, Pace: ByCode},
	"replaceCredential": {Audience: Officials, Body: textBody},

	// proposal
	"listProposals":        {Together: true, Crowd: Searching, Compress: true},
	"draftProposal":        {Audience: SignedIn, Body: textBody, Keeps: Proposals},
	"openCsv":              {Crowd: Searching, Caching: aMinute, Shared: true},
	"openXlsx":             {Crowd: Searching, Caching: aMinute, Shared: true},
	"openJson":             {Crowd: Searching, Caching: aMinute, Shared: true},
	"openGeoJson":          {Crowd: Searching, Caching: aMinute, Shared: true},
	"openAtom":             {Crowd: Searching, Caching: aMinute, Shared: true},
	"getProposal":          {Together: true, Compress: true},
	"editProposal":         {Audience: SignedIn, Body: textBody, Keeps: Texts},
	"listProposalVersions": {Together: true, Compress: true},
	"submitProposal":       {Audience: SignedIn},
	"withdrawProposal":     {Audience: SignedIn},
	"takeProposal":         {Audience: Staff},
	"askProposal":          {Audience: Staff, Body: textBody},
	"rejectProposal":       {Audience: Staff, Body: textBody},
	"appealProposal":       {Audience: SignedIn, Body: textBody, Keeps: Texts},
	"acceptProposal":       {Audience: Staff, Body: textBody},
	"reopenProposal":       {Audience: Staff, Body: textBody},
	"correctProposal":      {Audience: Staff, Body: textBody},
	"translateProposal":    {Audience: Staff, Body: textBody},
	"listSimilar":          {Crowd: Searching, Compress: true},

	// discussion
	"listComments":          {Together: true, Compress: true},
	"listReportedProposals": {Audience: Staff},
	"reportProposal":        {Audience: SignedIn, Body: textBody, Keeps: Texts},
	"hideProposal":          {Audience: Staff, Body: textBody},
	"keepProposal":          {Audience: Staff},
	"addComment":            {Audience: SignedIn, Body: textBody, Keeps: Texts},
	"listReported":          {Audience: Staff, Compress: true},
	"eraseComment":          {Audience: SignedIn},
	"reportComment":         {Audience: SignedIn, Body: textBody, Keeps: Texts},
	"hideComment":           {Audience: Staff, Body: textBody},
	"keepComment":           {Audience: Staff},

	// interest
	"getInterest":       {Together: true, Compress: true},
	"supportProposal":   {Audience: SignedIn},
	"unsupportProposal": {Audience: SignedIn},
	"followProposal":    {Audience: SignedIn},
	"unfollowProposal":  {Audience: SignedIn},

	// gallery
	"listImages":    {Together: true, Compress: true},
	"addImage":      {Audience: SignedIn, Body: picture.Largest, Keeps: Images, Media: Octets},
	"arrangeImages": {Audience: SignedIn, Body: textBody, Keeps: Texts},
	"removeImage":   {Audience: SignedIn},
	"getImage":      {Together: true, Caching: ByAnswer},

	// authorship
	"listAuthors":      {Audience: SignedIn, Compress: true},
	"removeAuthor":     {Audience: SignedIn},
	"inviteAuthor":     {Audience: SignedIn, Body: textBody, Keeps: Texts},
	"endInvitation":    {Audience: SignedIn},
	"getInvitation":    {Audience: SignedIn, Body: textBody},
	"answerInvitation": {Audience: SignedIn, Body: textBody, Keeps: Texts},

	// enquiry
	"listEnquiries": {Audience: SignedIn, Compress: true},
	"enquire":       {Audience: SignedIn, Body: textBody, Keeps: Texts},
	"answerEnquiry": {Audience: Staff, Body: textBody},

	// desk
	"listQueue":        {Audience: Staff, Compress: true},
	"exportQueue":      {Audience: Staff, Compress: true},
	"assignProposals":  {Audience: Staff, Body: textBody},
	"decideProposals":  {Audience: Staff, Body: textBody},
	"listQueueFilters": {Audience: Staff, Compress: true},
	"keepQueueFilter":  {Audience: Staff, Body: textBody},
	"dropQueueFilter":  {Audience: Staff},
	"getDeskWork":      {Audience: Staff},
	"getDeskOverview":  {Audience: Staff},
	"getDesk":          {Audience: Staff, Compress: true},
	"updateDesk":       {Audience: Officials, Body: textBody},
	"exportContacts":   {Audience: Staff, Compress: true},
	"listContacts":     {Audience: Staff, Compress: true},
	"logContact":       {Audience: Staff, Body: textBody},
	"getCase":          {Audience: Staff, Compress: true},
	"addNote":          {Audience: Staff, Body: textBody},
	"eraseNote":        {Audience: Staff},
	"strikeContact":    {Audience: Staff},
	"answerCheck":      {Audience: Staff, Body: textBody},

	// estimate
	"referProposals":       {Audience: Staff, Body: textBody},
	"getEstimateSheet":     {Audience: Staff, Compress: true},
	"giveEstimates":        {Audience: Staff, Body: listBody},
	"examineEstimateSheet": {Audience: Staff, Body: listBody},
	"listEstimates":        {Audience: Staff, Compress: true},

	// translation
	"listTranslations":    {Audience: Staff, Compress: true},
	"getTranslationSheet": {Audience: Staff, Compress: true},
	"importTranslations":  {Audience: Staff, Body: listBody},

	// assisted
	"listAssisted":        {Audience: Staff, Compress: true},
	"addAssisted":         {Audience: Staff, Body: textBody},
	"getAssistedTemplate": {Audience: Staff, Compress: true},
	"importAssisted":      {Audience: Staff, Body: listBody},
	"editAssisted":        {Audience: Staff, Body: textBody},
	"reissueClaimCode":    {Audience: Staff, Body: textBody},
	"claimProposal":       {Audience: SignedIn, Body: textBody, Keeps: Texts, Pace: ByClaim},

	// merge
	"getTies":       {Compress: true},
	"listMerges":    {Audience: Staff, Compress: true},
	"proposeMerge":  {Audience: Staff, Body: textBody},
	"answerMerge":   {Audience: SignedIn, Body: textBody, Keeps: Texts},
	"completeMerge": {Audience: Staff, Body: textBody},
	"dropMerge":     {Audience: Staff},
	"undoMerge":     {Audience: Staff, Body: textBody},
	"addConflict":   {Audience: Staff, Body: textBody},
	"liftConflict":  {Audience: Staff},

	// equality
	"getEquality":     {Audience: Staff, Compress: true},
	"getEqualityCSV":  {Audience: Staff, Compress: true},
	"getEqualityXLSX": {Audience: Staff},

	// statistics
	"getStatistics":     {Together: true, Crowd: Searching, Compress: true},
	"getStatisticsCSV":  {Crowd: Searching, Compress: true},
	"getStatisticsXLSX": {Crowd: Searching},

	// event
	"listEvents":        {Together: true, Compress: true},
	"draftEvent":        {Audience: Staff, Body: textBody},
	"getCalendar":       {Compress: true, Caching: aMinute, Shared: true},
	"listDeskEvents":    {Audience: Staff, Compress: true},
	"getEvent":          {Together: true, Compress: true},
	"editEvent":         {Audience: Staff, Body: textBody},
	"previewEventEdit":  {Audience: Staff, Body: textBody},
	"discardEvent":      {Audience: Staff},
	"publishEvent":      {Audience: Staff},
	"cancelEvent":       {Audience: Staff, Body: textBody},
	"publishSummary":    {Audience: Staff, Body: textBody},
	"takeSeat":          {Audience: SignedIn},
	"leaveSeat":         {Audience: SignedIn},
	"getEventCase":      {Audience: Staff, Compress: true},
	"addEventNote":      {Audience: Staff, Body: textBody},
	"addWalkIns":        {Audience: Staff, Body: textBody},
	"removeParticipant": {Audience: Staff},
	"getEventCalendar":  {Compress: true, Caching: aMinute, Shared: true},

	// polling
	"listPlaces":      {Audience: Officers, Compress: true},
	"askPlace":        {Audience: Officers},
	"assignOfficer":   {Audience: Officials},
	"removeOfficer":   {Audience: Officials},
	"lookUpVoter":     {Audience: Officers, Body: textBody},
	"markPaper":       {Audience: Officers, Body: textBody},
	"undoPaper":       {Audience: Officers, Body: textBody},
	"getCertificate":  {Audience: Officers},
	"addCertificate":  {Audience: Officers, Body: textBody},
	"signCertificate": {Audience: Officers},
	"addKiosk":        {Audience: Officers, Body: textBody},
	"revokeKiosk":     {Audience: Officers},
	"getKiosk":        {},
	"startKiosk":      {Body: tokenBody},
	"leaveKiosk":      {},

	// helpdesk
	"lookUpPerson": {Audience: HelpDesk, Body: textBody},
	"listLookUps":  {Audience: Herself},

	// paper
	"listBatches":   {Audience: Officers, Compress: true},
	"declareBatch":  {Audience: Officers, Body: textBody},
	"leaveOutBatch": {Audience: Officials, Body: textBody},
	"allowKeying":   {Audience: Officers},
	"allowSealing":  {Audience: Officials},
	"reopenBatch":   {Audience: Officials, Body: textBody},
	"keyBatch":      {Audience: Box, Body: ballotBody, Pace: Unpaced, Deadline: stepDeadline, Crowd: Searching},
	"compareBatch":  {Audience: Box, Body: tokenBody, Pace: Unpaced, Crowd: Searching},
	"sealBatch":     {Audience: Box, Body: ballotBody, Pace: Unpaced, Deadline: stepDeadline, Crowd: Searching},

	// project
	"getBallot":      {Audience: Officials, Compress: true},
	"exportBallot":   {Audience: Officials, Compress: true},
	"listProjects":   {Together: true, Compress: true, Caching: ByAnswer},
	"placeProjects":  {Audience: Officials, Body: textBody},
	"importProjects": {Audience: Officials, Body: listBody},
	"numberProjects": {Audience: Officials, Body: textBody},
	"removeProjects": {Audience: Officials, Body: textBody},
	"getProject":     {Together: true, Compress: true},
	"removeProject":  {Audience: Officials},

	// result
	"getNumbers":     {Together: true, Compress: true},
	"getNumbersCSV":  {Compress: true},
	"getNumbersXLSX": {},
	"getResults":     {Caching: ByAnswer}, // kept compressed, see published.go
	"explainResults": {Caching: ByAnswer},
	"getRecord":      {Caching: anHour},
	"getWithheld":    {Audience: Officials},

	"listComparisons":   {Compress: true},
	"drawComparison":    {Audience: Officials, Body: textBody, Deadline: stepDeadline},
	"saveComparison":    {Audience: Officials, Body: listBody, Deadline: stepDeadline},
	"publishComparison": {Audience: Officials, Body: tokenBody},

	// delivery
	"listDeliveries":        {Together: true, Crowd: Searching, Compress: true},
	"openDeliveriesCsv":     {Crowd: Searching, Compress: true, Caching: aMinute, Shared: true},
	"openDeliveriesXlsx":    {Crowd: Searching, Caching: aMinute, Shared: true},
	"openDeliveriesGeoJson": {Crowd: Searching, Compress: true, Caching: aMinute, Shared: true},
	"openDeliveriesAtom":    {Crowd: Searching, Compress: true, Caching: aMinute, Shared: true},
	"openDeliveriesIcs":     {Crowd: Searching, Compress: true, Caching: aMinute, Shared: true},
	"openDeliveriesOc4ids":  {Crowd: Searching, Compress: true, Caching: aMinute, Shared: true},
	"listMyDeliveries":      {Audience: Staff, Compress: true},
	"getDelivery":           {Together: true, Compress: true},
	"addDeliverySite":       {Audience: Staff, Body: textBody},
	"reportDelivery":        {Audience: Staff, Body: textBody},
	"assignDelivery":        {Audience: Officials, Body: textBody},
	"eraseDeliveryNews":     {Audience: Officials},
	"judgeDelivery":         {Audience: SignedIn, Body: textBody, Keeps: Texts},
	"getDeliverySheet":      {Audience: Officials},
	"importDeliveries":      {Audience: Officials, Body: listBody},

	// catalogue
	"getCatalogue":  {Compress: true, Caching: aMinute, Shared: true},
	"openCatalogue": {Compress: true, Caching: aMinute, Shared: true},

	// staff
	"listStaff":     {Audience: Officials, Compress: true},
	"setStandIn":    {Audience: Officials, Body: textBody},
	"endStandIn":    {Audience: Officials},
	"listEmails":    {Audience: Officials, Compress: true},
	"listLetters":   {Audience: Officials, Compress: true},
	"keepLetter":    {Audience: Officials, Body: textBody},
	"previewLetter": {Audience: Officials, Body: textBody},

	// area
	"getArea": {Together: true, Crowd: Searching, Compress: true},

	// ledger
	"getFund":        {Together: true, Crowd: Searching, Compress: true},
	"getLedger":      {Together: true, Crowd: Searching, Compress: true},
	"book":           {Audience: Officials, Body: textBody},
	"reverseBooking": {Audience: Officials, Body: textBody},

	// box
	"getManifest":      {Audience: Box, Pace: Unpaced, Caching: aMinute},
	"getManifestProof": {Audience: Box, Pace: Unpaced},
	"castBallot":       {Audience: Box, Body: ballotBody, Pace: Unpaced, Crowd: Casting},
	"getCheckpoint":    {Audience: Box, Pace: Unpaced, Caching: seconds},
	"getReceipt":       {Audience: Box, Pace: ByReceipt},
	"getConsistency":   {Audience: Box, Pace: Unpaced, Caching: forEver},
	"addCosignature":   {Audience: Box, Body: ballotBody, Pace: Unpaced},

	// beyond the contract, whose paths know no rest
	"getTile": {Audience: Box, Pace: Unpaced, Caching: forEver},
}
