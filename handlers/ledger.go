package handlers

import (
	"context"

	"osbu/domain"
	"osbu/domain/ledger"
	"osbu/handlers/api"
)

// GetFund answers with the participation fund.
func (s *Server) GetFund(ctx context.Context, _ api.GetFundRequestObject) (api.GetFundResponseObject, error) {
	years, rounds, err := s.config.Ledger.TheFund(ctx)
	if err != nil {
		return nil, err
	}
	return api.GetFund200JSONResponse{
		Years: list(years, func(y ledger.Year) api.FundYear {
			return api.FundYear{
				Year: y.Year, Opening: int64(y.Opening), Pots: int64(y.Pots), External: int64(y.External),
				Spent: int64(y.Spent), Maintenance: int64(y.Maintenance), Returned: int64(y.Returned),
				Carried: int64(y.Carried), Closing: int64(y.Closing),
			}
		}),
		Rounds: list(rounds, func(r ledger.RoundTotal) api.FundRound {
			return api.FundRound{Round: r.Round, Name: toText(r.Name), Balances: toBalances(r.Balances)}
		}),
	}, nil
}

// GetLedger answers with a round's accounts.
func (s *Server) GetLedger(ctx context.Context, req api.GetLedgerRequestObject) (api.GetLedgerResponseObject, error) {
	l, err := s.config.Ledger.Get(ctx, actorFrom(ctx), req.Round)
	if err != nil {
		return nil, err
	}
	return api.GetLedger200JSONResponse(toLedger(l)), nil
}

// Book books an entry.
func (s *Server) Book(ctx context.Context, req api.BookRequestObject) (api.BookResponseObject, error) {
	b := req.Body
	l, err := s.config.Ledger.Book(ctx, actorFrom(ctx), req.Round, ledger.Booking{
		Kind: ledger.Kind(b.Kind), Day: b.Day, Project: given(b.Project), To: given(b.To), Area: given(b.Area),
		Cents: domain.Cents(b.Cents), Reason: fromPublicText(b.Reason), Decision: given(b.Decision),
		Voucher: given(b.Voucher), Request: b.Request,
	})
	if err != nil {
		return nil, err
	}
	return api.Book200JSONResponse(toLedger(l)), nil
}

// ReverseBooking takes an entry back.
func (s *Server) ReverseBooking(
	ctx context.Context,
	req api.ReverseBookingRequestObject,
) (api.ReverseBookingResponseObject, error) {
	l, err := s.config.Ledger.Reverse(ctx, actorFrom(ctx), req.Round, req.Entry, fromPublicText(req.Body.Reason))
	if err != nil {
		return nil, err
	}
	return api.ReverseBooking200JSONResponse(toLedger(l)), nil
}

func toLedger(l ledger.Ledger) api.Ledger {
	return api.Ledger{
		Areas: list(l.Areas, func(a ledger.Area) api.LedgerArea {
			return api.LedgerArea{
				Area: a.ID, Name: toText(a.Name), Pot: int64(a.Pot), Balances: toBalances(a.Balances),
			}
		}),
		Projects: list(l.Projects, func(p ledger.Project) api.LedgerProject {
			return api.LedgerProject{
				Project: p.Number, Title: toText(p.Title), Area: p.Area, Estimate: int64(p.Estimate),
				Balances: toBalances(p.Balances), Others: list(p.Others, func(o ledger.Payer) api.LedgerPayer {
					return api.LedgerPayer{Round: o.Round, Name: toText(o.Name), Project: o.Project, Paid: int64(o.Paid)}
				}),
			}
		}),
		Entries: list(l.Entries, toLedgerEntry), May: l.May,
	}
}

func toBalances(b ledger.Balances) api.LedgerBalances {
	return api.LedgerBalances{
		Fund: int64(b[ledger.Fund]), External: int64(b[ledger.External]), Free: int64(b[ledger.Free]),
		Reserved: int64(b[ledger.Reserved]), Committed: int64(b[ledger.Committed]), Spent: int64(b[ledger.Spent]),
		Maintenance: int64(b[ledger.Maintenance]), Returned: int64(b[ledger.Returned]), Carried: int64(b[ledger.Carried]),
	}
}

func toLedgerEntry(e ledger.Entry) api.LedgerEntry {
	return api.LedgerEntry{
		Id: e.ID, At: e.At, Day: e.Day, Kind: api.LedgerEntryKind(e.Kind), Amount: int64(e.Amount()),
		Reason: toPartial(e.Reason), Decision: e.Decision, Voucher: e.Voucher, Reverses: unlessZero(e.Reverses),
		ReversedBy: unlessZero(e.ReversedBy),
		Lines: list(e.Lines, func(l ledger.Line) api.LedgerLine {
			return api.LedgerLine{
				Account: api.LedgerAccount(l.Account), Area: l.Area, Project: unlessZero(l.Project), Cents: int64(l.Cents),
			}
		}),
	}
}
