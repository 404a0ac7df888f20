package service

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"

	"osbu/domain/box"
	"osbu/domain/city"
	"osbu/domain/proposal/interest"
	"osbu/handlers"
)

// Settings are all variables, each with its prefix OSBU_. Those tagged secret
// may also be given as a file, in NAME_FILE.
type Settings struct {
	Addr        string `env:"ADDR" envDefault:"127.0.0.1:8080"`
	PublicURL   string `env:"PUBLIC_URL"`   // default: http:// and Addr
	MetricsAddr string `env:"METRICS_ADDR"` // where /metrics is shown; empty: nowhere

	City cityFile `env:"CITY" envDefault:"helsinki"`

	OfficeDatabaseURL string `env:"OFFICE_DATABASE_URL" envDefault:"postgres:///office?host=/run/postgresql" secret:"yes"`
	BoxDatabaseURL    string `env:"BOX_DATABASE_URL" envDefault:"postgres:///box?host=/run/postgresql" secret:"yes"`
	OfficeMigrateURL  string `env:"OFFICE_MIGRATE_URL" secret:"yes"` // default: OfficeDatabaseURL
	BoxMigrateURL     string `env:"BOX_MIGRATE_URL" secret:"yes"`    // default: BoxDatabaseURL
	OneCluster        bool   `env:"ONE_CLUSTER"`                     // a vote may open where both share a cluster
	OfficeConns       int32  `env:"OFFICE_CONNS" envDefault:"20"`
	BoxConns          int32  `env:"BOX_CONNS" envDefault:"20"`

	// what each seals, see Secrets; the first key seals and all open
	SealIssuers   keyList `env:"SEAL_ISSUERS" secret:"yes"`
	SealLogs      keyList `env:"SEAL_LOGS" secret:"yes"`
	SealOpenings  keyList `env:"SEAL_OPENINGS" secret:"yes"`
	SealAddresses keyList `env:"SEAL_ADDRESSES" secret:"yes"`
	SealSessions  keyList `env:"SEAL_SESSIONS" secret:"yes"`

	RoundKeys string `env:"ROUND_KEYS"`          // a folder of keys that are destroyed when their vote closes
	Pepper    key    `env:"PEPPER" secret:"yes"` // 32 bytes in base64: keys the hashes of identity codes

	OIDCIssuer            string   `env:"OIDC_ISSUER"`
	OIDCClientID          string   `env:"OIDC_CLIENT_ID" envDefault:"osbu"`
	OIDCClientSecret      string   `env:"OIDC_CLIENT_SECRET" secret:"yes"`
	OIDCScopes            []string `env:"OIDC_SCOPES" envDefault:"openid profile" envSeparator:" "`
	OIDCClaimIdentityCode string   `env:"OIDC_CLAIM_IDENTITY_CODE" envDefault:"national_id_num"`
	OIDCClaimMunicipality string   `env:"OIDC_CLAIM_MUNICIPALITY" envDefault:"municipality_code"`
	OIDCClaimPostalCode   string   `env:"OIDC_CLAIM_POSTAL_CODE" envDefault:"postal_code"`
	OIDCClaimName         string   `env:"OIDC_CLAIM_NAME" envDefault:"name"`
	OIDCClaimRoles        string   `env:"OIDC_CLAIM_ROLES" envDefault:"roles"`
	OIDCClaimLanguage     string   `env:"OIDC_CLAIM_LANGUAGE" envDefault:"locale"`
	OIDCClaimAreas        string   `env:"OIDC_CLAIM_AREAS" envDefault:"areas"`
	OIDCClaimDivisions    string   `env:"OIDC_CLAIM_DIVISIONS" envDefault:"divisions"`
	OIDCClaimProtected    string   `env:"OIDC_CLAIM_PROTECTED" envDefault:"protected"`

	OIDCClaimEmail         string `env:"OIDC_CLAIM_EMAIL" envDefault:"email"`
	OIDCClaimEmailVerified string `env:"OIDC_CLAIM_EMAIL_VERIFIED" envDefault:"email_verified"`

	// levels of assurance of which a sign-in has to have one
	OIDCLevels      []string `env:"OIDC_ACR" envSeparator:" "`
	OIDCStaffLevels []string `env:"OIDC_ACR_STAFF" envSeparator:" "`

	SMTPURL  string `env:"SMTP_URL" secret:"yes"`  // empty: no e-mail is sent
	FilesURL string `env:"FILES_URL" secret:"yes"` // where images lie; empty: none are taken
	MailFrom string `env:"MAIL_FROM"`

	SessionIdle     time.Duration `env:"SESSION_IDLE" envDefault:"2h"`
	SessionLifetime time.Duration `env:"SESSION_LIFETIME" envDefault:"12h"`
	StaffIdle       time.Duration `env:"STAFF_IDLE" envDefault:"30m"`
	StaffLifetime   time.Duration `env:"STAFF_LIFETIME" envDefault:"8h"`

	// of a round's rights: how many lost credentials may be replaced
	ReplacementShare float64 `env:"REPLACEMENT_SHARE" envDefault:"0.001"`

	ReleaseMin     int              `env:"RELEASE_MIN" envDefault:"20"`   // least ballots that wait when half of them go
	ReleaseEvery   time.Duration    `env:"RELEASE_EVERY" envDefault:"1h"` // counted from midnight UTC
	Witnesses      witnesses        `env:"WITNESSES"`                     // verifier keys, parted by commas
	ShowSupporters interest.Showing `env:"SHOW_SUPPORTERS" envDefault:"after-vote"`
	// the address of a map's tiles; none: points without a map below them
	MapTiles  handlers.Tiles     `env:"MAP_TILES"`
	MapCredit string             `env:"MAP_CREDIT"`
	EmbedFrom handlers.Embedders `env:"EMBED_FROM"` // sites that may show projects in a frame
	MapAreas  handlers.MapAreas  `env:"MAP_AREAS"`  // a GeoJSON file of where areas lie; none: only their names are known

	LogLevel       slog.Level    `env:"LOG_LEVEL" envDefault:"info"`
	RequestTimeout time.Duration `env:"REQUEST_TIMEOUT" envDefault:"30s"`
	DrainTimeout   time.Duration `env:"DRAIN_TIMEOUT" envDefault:"30s"`
	// unready but serving, so that a load balancer notices
	DrainDelay     time.Duration  `env:"DRAIN_DELAY" envDefault:"0s"`
	TrustedProxies []netip.Prefix `env:"TRUSTED_PROXIES"`

	LimitSession    handlers.Rate `env:"LIMIT_SESSION" envDefault:"600/m"`
	LimitCode       handlers.Rate `env:"LIMIT_CODE" envDefault:"120/m"`
	LimitAddress    handlers.Rate `env:"LIMIT_ADDRESS" envDefault:"12000/m"`
	LimitReceipt    handlers.Rate `env:"LIMIT_RECEIPT" envDefault:"1200/m"`
	LimitComment    handlers.Rate `env:"LIMIT_COMMENT" envDefault:"20/h"`
	LimitSignIn     handlers.Rate `env:"LIMIT_SIGN_IN" envDefault:"1200/m"`
	LimitWrongCode  handlers.Rate `env:"LIMIT_WRONG_CODE" envDefault:"60/m"`
	LimitWrongCodes handlers.Rate `env:"LIMIT_WRONG_CODES" envDefault:"3000/m"`
	LimitProposal   handlers.Rate `env:"LIMIT_PROPOSAL" envDefault:"30/h"`
	LimitText       handlers.Rate `env:"LIMIT_TEXT" envDefault:"600/h"`
	LimitImage      handlers.Rate `env:"LIMIT_IMAGE" envDefault:"60/h"`
	LimitBytes      handlers.Rate `env:"LIMIT_BYTES" envDefault:"200000000/h"`
	LimitCasting    int           `env:"LIMIT_CASTING" envDefault:"1024"`
	LimitIssuing    int           `env:"LIMIT_ISSUING" envDefault:"256"`
	LimitSearching  int           `env:"LIMIT_SEARCHING" envDefault:"8"`
}

const prefix = "OSBU_"

// cityFile is the city whose service this is.
type cityFile struct{ city.City }

// UnmarshalText takes the name of a city that is known here, or of a file such
// as domain/city/helsinki.json.
func (c *cityFile) UnmarshalText(text []byte) (err error) {
	name := string(text)
	if known, ok := city.Find(name); ok {
		c.City = known
		return nil
	}
	c.City, err = city.Read(os.DirFS(filepath.Dir(name)), filepath.Base(name))
	return err
}

// witnesses cosign checkpoints.
type witnesses []box.Witness

// UnmarshalText reads verifier keys (C2SP signed-note) parted by commas.
func (w *witnesses) UnmarshalText(text []byte) error {
	for key := range strings.SplitSeq(string(text), ",") {
		v, err := box.NewWitness(strings.TrimSpace(key))
		if err != nil {
			return fmt.Errorf("want verifier keys as NAME+HASH+KEY, parted by commas: %w", err)
		}
		*w = append(*w, v)
	}
	return nil
}

// ReadSettings takes NAME=value lines. Its error has a line for each variable
// that is wrong, and never a secret.
func ReadSettings(environment []string) (Settings, error) {
	variables := env.ToMap(environment)
	var s Settings
	problems := readSecretFiles(reflect.TypeFor[Settings](), variables)
	if err := env.ParseWithOptions(&s, env.Options{Prefix: prefix, Environment: variables}); err != nil {
		problems = append(problems, explain(err)...)
	}
	s.PublicURL = cmp.Or(s.PublicURL, "http://"+s.Addr)
	if len(problems) == 0 {
		problems = s.check()
	}
	s.OfficeMigrateURL = cmp.Or(s.OfficeMigrateURL, s.OfficeDatabaseURL)
	s.BoxMigrateURL = cmp.Or(s.BoxMigrateURL, s.BoxDatabaseURL)
	return s, errors.Join(problems...)
}

// readSecretFiles puts the content of NAME_FILE into NAME.
func readSecretFiles(t reflect.Type, variables map[string]string) (problems []error) {
	for f := range t.Fields() {
		if f.Tag.Get("secret") == "" {
			continue
		}
		name := prefix + f.Tag.Get("env")
		path := variables[name+"_FILE"]
		if path == "" {
			continue
		}
		if variables[name] != "" {
			problems = append(problems, fmt.Errorf("%s and %s_FILE are both set: give one", name, name))
			continue
		}
		text, err := os.ReadFile(path) //nolint:gosec // the operator names the file
		if err != nil {
			problems = append(problems, fmt.Errorf("%s_FILE: %w", name, err))
			continue
		}
		variables[name] = strings.TrimSpace(string(text))
	}
	return problems
}

// explain names the variable of each error, which the library knows only by its
// field. It leaves out the value, which may be a secret.
func explain(err error) []error {
	var all env.AggregateError
	if !errors.As(err, &all) {
		return []error{err}
	}
	var problems []error
	for _, e := range all.Errors {
		var wrong env.ParseError
		if !errors.As(e, &wrong) {
			problems = append(problems, e)
			continue
		}
		name := wrong.Name
		if f, ok := reflect.TypeFor[Settings]().FieldByName(wrong.Name); ok {
			name = prefix + f.Tag.Get("env")
			if f.Tag.Get("secret") != "" {
				problems = append(problems, fmt.Errorf("%s: %s", name, reasonOf(wrong.Err)))
				continue
			}
		}
		problems = append(problems, fmt.Errorf("%s: %w", name, wrong.Err))
	}
	return problems
}

// reasonOf is our own text, which quotes nothing, or nothing.
func reasonOf(err error) string {
	if strings.HasPrefix(err.Error(), "want ") {
		return err.Error()
	}
	return "cannot be read"
}

// check looks at what types cannot say.
func (s Settings) check() (problems []error) {
	wrong := func(name, format string, args ...any) {
		problems = append(problems, fmt.Errorf("%s%s: %s", prefix, name, fmt.Sprintf(format, args...)))
	}
	if _, _, err := net.SplitHostPort(s.Addr); err != nil {
		wrong("ADDR", "want HOST:PORT, such as 127.0.0.1:8080")
	}
	if s.MetricsAddr != "" {
		if _, _, err := net.SplitHostPort(s.MetricsAddr); err != nil || s.MetricsAddr == s.Addr {
			wrong("METRICS_ADDR", "want HOST:PORT, such as 127.0.0.1:9090, and not OSBU_ADDR")
		}
	}
	site, err := url.Parse(s.PublicURL)
	if err != nil || (site.Scheme != "http" && site.Scheme != "https") || site.Host == "" ||
		strings.Trim(site.Path, "/") != "" {
		wrong("PUBLIC_URL", "want http://HOST or https://HOST without a path")
	}
	if s.OIDCIssuer != "" {
		if u, err := url.Parse(s.OIDCIssuer); err != nil || (u.Scheme != "http" && u.Scheme != "https") ||
			u.Host == "" {
			wrong("OIDC_ISSUER", "want the provider's issuer, an http or https address")
		}
	}
	if _, err := newMailer(s); err != nil {
		problems = append(problems, err)
	}
	if _, err := openFiles(s); err != nil {
		problems = append(problems, err)
	}
	for _, database := range []struct{ name, url string }{
		{"OFFICE_DATABASE_URL", s.OfficeDatabaseURL},
		{"BOX_DATABASE_URL", s.BoxDatabaseURL},
		{"OFFICE_MIGRATE_URL", s.OfficeMigrateURL},
		{"BOX_MIGRATE_URL", s.BoxMigrateURL},
	} {
		if database.url == "" { // a default
			continue
		}
		if !strings.HasPrefix(database.url, "postgres://") && !strings.HasPrefix(database.url, "postgresql://") {
			wrong(database.name, "want postgres://USER:PASSWORD@HOST/DATABASE")
		}
	}
	for _, duration := range []struct {
		name string
		of   time.Duration
	}{
		{"SESSION_IDLE", s.SessionIdle},
		{"SESSION_LIFETIME", s.SessionLifetime},
		{"STAFF_IDLE", s.StaffIdle},
		{"STAFF_LIFETIME", s.StaffLifetime},
		{"REQUEST_TIMEOUT", s.RequestTimeout},
		{"DRAIN_TIMEOUT", s.DrainTimeout},
	} {
		if duration.of <= 0 {
			wrong(duration.name, "want more than 0s")
		}
	}
	if s.DrainDelay < 0 || s.DrainDelay >= s.DrainTimeout {
		wrong("DRAIN_DELAY", "want at least 0s and less than OSBU_DRAIN_TIMEOUT")
	}
	if s.ReleaseMin < 1 || s.ReleaseMin > 10000 {
		wrong("RELEASE_MIN", "want 1 to 10000 ballots")
	}
	if s.ReleaseEvery < time.Second || (24*time.Hour)%s.ReleaseEvery != 0 {
		wrong("RELEASE_EVERY", "want at least 1s, and a part of a day, such as 5s, 30m or 2h")
	}
	if !(s.ReplacementShare >= 0 && s.ReplacementShare <= 1) { // no number is neither
		wrong("REPLACEMENT_SHARE", "want a share from 0 to 1")
	}
	if s.SessionIdle > s.SessionLifetime {
		wrong("SESSION_IDLE", "want at most OSBU_SESSION_LIFETIME")
	}
	if s.StaffIdle > s.StaffLifetime {
		wrong("STAFF_IDLE", "want at most OSBU_STAFF_LIFETIME")
	}
	for name, n := range map[string]int32{"OFFICE_CONNS": s.OfficeConns, "BOX_CONNS": s.BoxConns} {
		if n < 2 || n > 1000 {
			wrong(name, "want 2 to 1000 connections")
		}
	}
	for name, n := range map[string]int{
		"LIMIT_CASTING": s.LimitCasting, "LIMIT_ISSUING": s.LimitIssuing, "LIMIT_SEARCHING": s.LimitSearching,
	} {
		if n < 1 {
			wrong(name, "want at least 1")
		}
	}
	return append(problems, s.checkSecrets()...)
}

// checkServes keeps the owners' logins out of the server: whoever takes it over
// would find them in its environment, and could undo what its roles may not.
func (s Settings) checkServes() error {
	var problems []error
	for _, side := range []struct{ name, migrate, serve string }{
		{"OFFICE", s.OfficeMigrateURL, s.OfficeDatabaseURL}, {"BOX", s.BoxMigrateURL, s.BoxDatabaseURL},
	} {
		if side.migrate != side.serve {
			problems = append(problems, fmt.Errorf(
				"%s%s_MIGRATE_URL is an owner's login, which serve must not know: give it to osbu migrate alone", prefix, side.name,
			))
		}
	}
	return errors.Join(problems...)
}

func (s Settings) publicURL() *url.URL {
	u, err := url.Parse(s.PublicURL)
	if err != nil {
		panic(err) // checked
	}
	return u
}

func (s Settings) signIn() handlers.SignIn {
	return handlers.SignIn{
		Language: s.City.Language(),
		Levels:   handlers.Levels{Everybody: s.OIDCLevels, Staff: s.OIDCStaffLevels},
		Issuer:   s.OIDCIssuer, ClientID: s.OIDCClientID, ClientSecret: s.OIDCClientSecret, Scopes: s.OIDCScopes,
		Claims: handlers.Claims{
			IdentityCode: s.OIDCClaimIdentityCode, Municipality: s.OIDCClaimMunicipality, PostalCode: s.OIDCClaimPostalCode,
			Name: s.OIDCClaimName, Roles: s.OIDCClaimRoles, Language: s.OIDCClaimLanguage, Areas: s.OIDCClaimAreas,
			Divisions: s.OIDCClaimDivisions, Protected: s.OIDCClaimProtected,
			Email: s.OIDCClaimEmail, EmailVerified: s.OIDCClaimEmailVerified,
		},
	}
}

func (s Settings) limits() handlers.Limits {
	return handlers.Limits{
		Session: s.LimitSession, Code: s.LimitCode, Address: s.LimitAddress, Receipt: s.LimitReceipt,
		SignIn: s.LimitSignIn, WrongCode: s.LimitWrongCode, WrongCodes: s.LimitWrongCodes,
		Proposals: s.LimitProposal, Texts: s.LimitText, Images: s.LimitImage, Bytes: s.LimitBytes,
		Casting: s.LimitCasting, Issuing: s.LimitIssuing, Searching: s.LimitSearching,
	}
}
