// Written by `npm run client` from docs/openapi.json: change the routes, not this file.

export interface components {
  schemas: {
    Account: { "created_at": string; "date_of_birth": string | null; "email": string; "id": string; "name": string; "role": "user" | "admin" };
    Actor: { "id": number; "known_for": Array<{ "title": string; "tmdb_id": number }>; "known_for_department": string | null; "name": string; "profile_path": string | null; "profile_url": string | null };
    AdminOverview: { "failures": number; "mirror": { "changes_read_until": string | null; "counted_at": string; "detailed": number; "genres": number; "gone": number; "last_success_at": { [name: string]: string | null }; "listed": number; "movies": number; "newest_fetched_at": string | null; "oldest_fetched_at": string | null; "people": number; "purged": number; "records": { "collection": { "detailed": number; "gone": number; "unknown": number }; "company": { "detailed": number; "gone": number; "unknown": number }; "person": { "detailed": number; "gone": number; "unknown": number } }; "stale": number; "unknown": number }; "notices": Array<{ "code": "tmdb_key_rejected" | "tmdb_unreachable" | "no_worker" | "mirror_ages" | "changes_missed" | "disk_fills" | "clock_differs"; "sentence": string; "since": string; "what_to_do": string }>; "queues": Array<{ "active": number | null; "completed": number | null; "delayed": number | null; "failed": number | null; "name": string; "up": boolean; "waiting": number | null; "workers": number | null }>; "tmdb": { "by_minute": Array<{ "failed": number; "mean_wait_ms": number | null; "minute": string; "rate_limited": number; "requests": number }>; "circuit": "closed" | "open" | "stopped"; "identity": string | null; "last_success_at": string | null; "limiter": { "granted": number; "max_rps": number | null; "mean_wait_ms": number | null; "waited_ms": number }; "paused_until": string | null; "rate_limited": number; "reason": string | null; "requests": Array<{ "count": number; "endpoint": string; "status": number | "failed" }>; "retry_at": string | null; "window_hours": number }; "users": { "admins": number; "new_last_7_days": number; "sessions": number; "total": number } };
    AdminUser: { "created_at": string; "email": string; "id": string; "last_seen_at": string | null; "locked_at": string | null; "name": string; "role": "user" | "admin"; "sessions": number; "totp": boolean };
    Attribution: { "links": Array<{ "href": string; "rel": "source" | "logo" | "terms"; "title": string }>; "notice": string };
    BrowseMeta: { "age_seconds": number; "facets"?: { "countries": Array<{ "count": number; "iso_3166_1": string }>; "genres": Array<{ "count": number; "id": number; "name": string }>; "original_languages": Array<{ "count": number; "iso_639_1": string }>; "years": Array<{ "count": number; "year": number }> } | null; "fetched_at": string; "language": { "asked": string }; "limit": number; "next"?: string; "page": number; "refresh": "none" | "queued"; "source": "mirror"; "stale": boolean; "total_pages": number; "total_results": number };
    Collection: { "backdrop_url": string | null; "id": number; "name": string; "overview": string | null; "parts": Array<{ "adult": boolean | null; "backdrop_path": string | null; "backdrop_url": string | null; "genres": Array<{ "id": number; "name": string }>; "original_title": string | null; "overview": string | null; "popularity": number | null; "poster_path": string | null; "poster_url": string | null; "release_date": string | null; "title": string; "tmdb_id": number; "viewer"?: { "bookmarked": boolean; "disliked": boolean; "hidden": boolean; "liked": boolean; "rating": number | null; "watched": boolean }; "vote_average": number | null; "vote_count": number | null }>; "poster_url": string | null };
    CollectionMeta: { "age_seconds": number; "fetched_at": string; "language": { "asked": string; "name": string | null; "overview": string | null }; "refresh": "none" | "queued"; "source": "mirror"; "stale": boolean };
    Configuration: { "attribution": Array<{ "href": string; "notice": string; "source": string }>; "default_language": string; "default_region": string; "images": { "backdrop_sizes": Array<string>; "backdrop_url_size": string; "base_url": string; "poster_sizes": Array<string>; "poster_url_size": string; "profile_sizes": Array<string>; "profile_url_size": string }; "languages": "all" | Array<string>; "regions": Array<string> };
    CursorPageMeta: { "limit": number; "next"?: string; "page": number; "total_pages": number; "total_results": number };
    Failure: { "code": "invalid_input" | "malformed_body" | "unsupported_media_type" | "body_too_large" | "unauthenticated" | "invalid_credentials" | "totp_required" | "forbidden" | "route_not_found" | "method_not_allowed" | "movie_not_found" | "movie_gone" | "movie_moved" | "person_not_found" | "person_gone" | "collection_not_found" | "collection_gone" | "not_found" | "email_taken" | "already_running" | "last_admin" | "too_many_requests" | "upstream_unavailable" | "unavailable" | "internal_error"; "details"?: Array<{ "message": string; "path": string }>; "message": string; "request_id": string; "status": "error" };
    FoundCollection: { "backdrop_url": string | null; "id": number; "name": string; "poster_url": string | null };
    Genre: { "id": number; "name": string };
    ImportReport: { "counts": { "added": number; "ambiguous": number; "matched": number; "not_found": number; "pending": number; "rows": number; "skipped"?: number; "unchanged": number }; "created_at": string; "error": string | null; "finished_at": string | null; "id": string; "list": "watched" | "watchlist" | "ratings" | "likes"; "list_assumed": boolean; "rows": Array<{ "candidates": Array<{ "title": string; "tmdb_id": number; "year": number | null }>; "line": number; "matched_by": "tmdb_id" | "imdb_id" | "title" | "search" | "user" | null; "reason": string | null; "status": "pending" | "matched" | "ambiguous" | "not_found" | "skipped"; "title": string | null; "tmdb_id": number | null; "year": number | null }>; "source": "letterboxd" | "imdb"; "status": "queued" | "running" | "succeeded" | "failed" };
    ImportRow: { "candidates": Array<{ "title": string; "tmdb_id": number; "year": number | null }>; "line": number; "matched_by": "tmdb_id" | "imdb_id" | "title" | "search" | "user" | null; "reason": string | null; "status": "pending" | "matched" | "ambiguous" | "not_found" | "skipped"; "title": string | null; "tmdb_id": number | null; "year": number | null };
    ImportSummary: { "counts": { "added": number; "ambiguous": number; "matched": number; "not_found": number; "pending": number; "rows": number; "skipped"?: number; "unchanged": number }; "created_at": string; "error": string | null; "finished_at": string | null; "id": string; "list": "watched" | "watchlist" | "ratings" | "likes"; "list_assumed": boolean; "source": "letterboxd" | "imdb"; "status": "queued" | "running" | "succeeded" | "failed" };
    Interaction: { "absent"?: true; "at": string; "movie": { "adult": boolean | null; "backdrop_path": string | null; "backdrop_url": string | null; "genres": Array<{ "id": number; "name": string }>; "original_title": string | null; "overview": string | null; "popularity": number | null; "poster_path": string | null; "poster_url": string | null; "release_date": string | null; "title": string; "tmdb_id": number; "viewer"?: { "bookmarked": boolean; "disliked": boolean; "hidden": boolean; "liked": boolean; "rating": number | null; "watched": boolean }; "vote_average": number | null; "vote_count": number | null } | null; "rating"?: number; "tmdb_id": number; "type": "liked" | "disliked" | "bookmarked" | "watched" | "hidden" };
    InteractionsMeta: { "language": { "asked": string }; "limit": number; "next"?: string; "page": number; "total_pages": number; "total_results": number };
    InteractionsSaved: { "added": number; "unchanged": number };
    IssuedKey: { "api_key": string; "id": string; "name": string; "token": string };
    JobFailure: { "attempts": number; "code": string; "first_failed_at": string; "id": string; "job": string; "last_failed_at": string; "message": string; "queue": string; "subject": string; "times": number };
    Key: { "created_at": string; "id": string; "last_used_at": string | null; "name": string };
    LanguageMeta: { "language": { "asked": string } };
    Liveness: { "live": true };
    MergeDecision: { "confirm": boolean };
    MirrorCursorPageMeta: { "age_seconds": number; "fetched_at": string; "language": { "asked": string }; "limit": number; "next"?: string; "page": number; "refresh": "none" | "queued"; "source": "mirror"; "stale": boolean; "total_pages": number; "total_results": number };
    MirrorLanguageMeta: { "age_seconds": number; "fetched_at": string; "language": { "asked": string }; "refresh": "none" | "queued"; "source": "mirror"; "stale": boolean };
    MirrorMeta: { "age_seconds": number; "fetched_at": string; "refresh": "none" | "queued"; "source": "mirror"; "stale": boolean };
    MirrorPageMeta: { "age_seconds": number; "fetched_at": string; "language": { "asked": string }; "limit": number; "page": number; "refresh": "none" | "queued"; "source": "mirror"; "stale": boolean; "total_pages": number; "total_results": number };
    Movie: { "adult": boolean | null; "alternative_titles": Array<{ "iso_3166_1": string | null; "title": string; "type": string | null }>; "backdrop_path": string | null; "backdrop_url": string | null; "budget": number | null; "cast": Array<{ "character": string | null; "id": number; "name": string; "order": number | null; "profile_path": string | null; "profile_url": string | null }>; "certification": string | null; "collection": { "id": number; "name": string } | null; "companies": Array<{ "id": number; "logo_path": string | null; "name": string; "origin_country": string | null }>; "countries": Array<{ "iso_3166_1": string; "name": string }>; "crew": Array<{ "department": string | null; "id": number; "job": string | null; "name": string; "profile_path": string | null; "profile_url": string | null }>; "directors": Array<{ "id": number; "name": string }>; "genres": Array<{ "id": number; "name": string }>; "homepage": string | null; "images": { "backdrop": { "original": string; "w1280": string; "w300": string; "w780": string } | null; "poster": { "original": string; "w185": string; "w342": string; "w500": string } | null }; "imdb_id": string | null; "keywords": Array<{ "id": number; "name": string }>; "original_language": string | null; "original_title": string | null; "overview": string | null; "popularity": number | null; "poster_path": string | null; "poster_url": string | null; "providers": { "ads": Array<{ "display_priority": number | null; "logo_path": string | null; "provider_id": number; "provider_name": string }>; "buy": Array<{ "display_priority": number | null; "logo_path": string | null; "provider_id": number; "provider_name": string }>; "flatrate": Array<{ "display_priority": number | null; "logo_path": string | null; "provider_id": number; "provider_name": string }>; "free": Array<{ "display_priority": number | null; "logo_path": string | null; "provider_id": number; "provider_name": string }>; "link": string | null; "region": string; "rent": Array<{ "display_priority": number | null; "logo_path": string | null; "provider_id": number; "provider_name": string }>; "source": "JustWatch" } | null; "release_date": string | null; "release_dates": Array<{ "iso_3166_1": string; "release_dates": Array<{ "certification": string | null; "iso_639_1": string | null; "note": string | null; "release_date": string | null; "type": number | null }> }>; "revenue": number | null; "runtime": number | null; "spoken_languages": Array<{ "english_name": string | null; "iso_639_1": string; "name": string | null }>; "status": string | null; "tagline": string | null; "title": string; "tmdb_id": number; "trailers": Array<{ "key": string; "name": string; "site": string }>; "translations": Array<string>; "videos": Array<{ "iso_3166_1": string | null; "iso_639_1": string | null; "key": string; "name": string | null; "official": boolean | null; "published_at": string | null; "site": string; "size": number | null; "type": string | null }>; "viewer"?: { "bookmarked": boolean; "disliked": boolean; "hidden": boolean; "liked": boolean; "rating": number | null; "watched": boolean }; "vote_average": number | null; "vote_count": number | null };
    MovieFacets: { "countries": Array<{ "count": number; "iso_3166_1": string }>; "genres": Array<{ "count": number; "id": number; "name": string }>; "original_languages": Array<{ "count": number; "iso_639_1": string }>; "years": Array<{ "count": number; "year": number }> };
    MovieListItem: { "adult": boolean | null; "backdrop_path": string | null; "backdrop_url": string | null; "genres": Array<{ "id": number; "name": string }>; "original_title": string | null; "overview": string | null; "popularity": number | null; "poster_path": string | null; "poster_url": string | null; "release_date": string | null; "title": string; "tmdb_id": number; "viewer"?: { "bookmarked": boolean; "disliked": boolean; "hidden": boolean; "liked": boolean; "rating": number | null; "watched": boolean }; "vote_average": number | null; "vote_count": number | null };
    MovieMerge: { "certainty": number | null; "decided_at": string | null; "into_title": string | null; "into_tmdb_id": number | null; "looked_at": string; "state": "none" | "proposed" | "rejected" | "confirmed" | "moved"; "title": string | null; "tmdb_id": number };
    MovieMeta: { "age_seconds": number; "fetched_at": string; "language": { "asked": string; "overview": string | null; "title": string | null }; "refresh": "none" | "queued"; "source": "mirror"; "stale": boolean };
    MovieReport: { "absence": { "first_seen_at": string; "last_seen_at": string } | null; "age_seconds": number | null; "attempted_at": string | null; "changed_at": string | null; "failure": { "attempts": number; "code": string; "first_failed_at": string; "id": string; "job": string; "last_failed_at": string; "message": string; "queue": string; "subject": string; "times": number } | null; "fetched_at": string | null; "gone_at": string | null; "referred_by": { "interactions": number; "preferences": number; "related_movies": number; "trending_lists": Array<string> }; "refresh_due_at": string | null; "release_date": string | null; "scope": "trending" | "popular" | "full" | null; "stale": boolean; "state": "unknown" | "listed" | "detailed" | "gone" | "purged" | null; "title": string | null; "tmdb_id": number };
    PageMeta: { "limit": number; "page": number; "total_pages": number; "total_results": number };
    Pending: { "code": "fetch_pending"; "message": string; "retry_after": number; "status": "pending" };
    Person: { "also_known_as": Array<string>; "biography": string | null; "birthday": string | null; "deathday": string | null; "external_ids": { "facebook_id": string | null; "imdb_id": string | null; "instagram_id": string | null; "tiktok_id": string | null; "twitter_id": string | null; "wikidata_id": string | null; "youtube_id": string | null }; "filmography": { "cast": Array<{ "character": string | null; "credit_id": string; "movie": { "adult": boolean | null; "backdrop_path": string | null; "backdrop_url": string | null; "genres": Array<{ "id": number; "name": string }>; "original_title": string | null; "overview": string | null; "popularity": number | null; "poster_path": string | null; "poster_url": string | null; "release_date": string | null; "title": string; "tmdb_id": number; "viewer"?: { "bookmarked": boolean; "disliked": boolean; "hidden": boolean; "liked": boolean; "rating": number | null; "watched": boolean }; "vote_average": number | null; "vote_count": number | null } }>; "crew": Array<{ "credit_id": string; "department": string | null; "job": string | null; "movie": { "adult": boolean | null; "backdrop_path": string | null; "backdrop_url": string | null; "genres": Array<{ "id": number; "name": string }>; "original_title": string | null; "overview": string | null; "popularity": number | null; "poster_path": string | null; "poster_url": string | null; "release_date": string | null; "title": string; "tmdb_id": number; "viewer"?: { "bookmarked": boolean; "disliked": boolean; "hidden": boolean; "liked": boolean; "rating": number | null; "watched": boolean }; "vote_average": number | null; "vote_count": number | null } }> }; "gender": number | null; "homepage": string | null; "id": number; "known_for_department": string | null; "name": string; "place_of_birth": string | null; "popularity": number | null; "portraits": Array<{ "height": number | null; "profile_path": string; "profile_url": string; "width": number | null }>; "profile_path": string | null; "profile_url": string | null };
    PersonMeta: { "age_seconds": number; "fetched_at": string; "language": { "asked": string; "biography": string | null }; "limit": number; "page": number; "refresh": "none" | "queued"; "source": "mirror"; "stale": boolean; "total_pages": number; "total_results": number };
    Preferences: { "actors": Array<{ "id": number; "name": string | null }>; "genres": Array<{ "id": number; "name": string | null }>; "movies": Array<{ "adult": boolean | null; "backdrop_path": string | null; "backdrop_url": string | null; "genres": Array<{ "id": number; "name": string }>; "original_title": string | null; "overview": string | null; "popularity": number | null; "poster_path": string | null; "poster_url": string | null; "release_date": string | null; "title": string | null; "tmdb_id": number; "viewer"?: { "bookmarked": boolean; "disliked": boolean; "hidden": boolean; "liked": boolean; "rating": number | null; "watched": boolean }; "vote_average": number | null; "vote_count": number | null }> };
    Profile: { "country": string | null; "created_at": string; "date_of_birth": string | null; "email": string; "id": string; "interactions": { "bookmarked": number; "disliked": number; "liked": number; "watched": number }; "name": string; "preferences": { "actors": Array<{ "id": number; "name": string | null }>; "genres": Array<{ "id": number; "name": string | null }>; "movies": Array<{ "adult": boolean | null; "backdrop_path": string | null; "backdrop_url": string | null; "genres": Array<{ "id": number; "name": string }>; "original_title": string | null; "overview": string | null; "popularity": number | null; "poster_path": string | null; "poster_url": string | null; "release_date": string | null; "title": string | null; "tmdb_id": number; "viewer"?: { "bookmarked": boolean; "disliked": boolean; "hidden": boolean; "liked": boolean; "rating": number | null; "watched": boolean }; "vote_average": number | null; "vote_count": number | null }> }; "role": "user" | "admin" };
    QueuedFetch: { "queued": true; "tmdb_id": number };
    QuickSearch: { "collections": Array<{ "backdrop_url": string | null; "id": number; "name": string; "poster_url": string | null }>; "movies": Array<{ "adult": boolean | null; "backdrop_path": string | null; "backdrop_url": string | null; "genres": Array<{ "id": number; "name": string }>; "original_title": string | null; "overview": string | null; "popularity": number | null; "poster_path": string | null; "poster_url": string | null; "release_date": string | null; "title": string; "tmdb_id": number; "viewer"?: { "bookmarked": boolean; "disliked": boolean; "hidden": boolean; "liked": boolean; "rating": number | null; "watched": boolean }; "vote_average": number | null; "vote_count": number | null }>; "people": Array<{ "id": number; "known_for": Array<{ "title": string; "tmdb_id": number }>; "known_for_department": string | null; "name": string; "profile_path": string | null; "profile_url": string | null }> };
    Readiness: { "postgres": "up" | "down"; "queue": "up" | "down" };
    Recommendation: { "movie": { "adult": boolean | null; "backdrop_path": string | null; "backdrop_url": string | null; "genres": Array<{ "id": number; "name": string }>; "original_title": string | null; "overview": string | null; "popularity": number | null; "poster_path": string | null; "poster_url": string | null; "release_date": string | null; "title": string; "tmdb_id": number; "viewer"?: { "bookmarked": boolean; "disliked": boolean; "hidden": boolean; "liked": boolean; "rating": number | null; "watched": boolean }; "vote_average": number | null; "vote_count": number | null }; "parts"?: { "actors": number; "appeal": number; "collection": number; "content": number; "dislikes": number; "genres": number; "language": number; "neighbours": number; "recency": number; "series": number; "taste": number; "tmdb": number; "transitions": number; "variety": number }; "reasons": Array<{ "id": number; "name": string; "text": string; "type": "liked_movie" | "favorite_movie" | "watched_movie" | "bookmarked_movie" | "tmdb_recommendation" | "tmdb_similar" | "collection" | "genre" | "actor" | "popular" | "well_rated" | "in_catalogue" }>; "score": number };
    RecommendationsMeta: { "language": { "asked": string }; "limit": number; "page": number; "strategy": "personalized" | "preferences" | "cold_start"; "total_pages": number; "total_results": number };
    RecoveryCodes: { "recovery_codes": Array<string> };
    RegionalPageMeta: { "age_seconds": number; "fetched_at": string; "language": { "asked": string }; "limit": number; "page": number; "refresh": "none" | "queued"; "region": { "asked": string; "shown": string }; "source": "mirror"; "stale": boolean; "total_pages": number; "total_results": number };
    RelatedMovie: { "movie": { "adult": boolean | null; "backdrop_path": string | null; "backdrop_url": string | null; "genres": Array<{ "id": number; "name": string }>; "original_title": string | null; "overview": string | null; "popularity": number | null; "poster_path": string | null; "poster_url": string | null; "release_date": string | null; "title": string; "tmdb_id": number; "viewer"?: { "bookmarked": boolean; "disliked": boolean; "hidden": boolean; "liked": boolean; "rating": number | null; "watched": boolean }; "vote_average": number | null; "vote_count": number | null }; "reasons": Array<{ "id": number; "name": string; "text": string; "type": "tmdb_recommendation" | "tmdb_similar" | "liked_together" | "collection" | "director" | "actor" | "keyword" | "genre" }>; "score": number };
    ReplayedJob: { "job": string; "run_id": string | null };
    Requested: { "requested": true };
    RequestedRun: { "job": string; "run_id": string };
    ResetLink: { "expires_at": string; "token": string; "url": string };
    SecurityEvent: { "address_key": string | null; "at": string; "detail": string | null; "event": "register" | "login" | "console_login" | "logout" | "token_reuse" | "token_refused" | "session_end" | "password_proof" | "password_change" | "email_change" | "account_delete" | "reset_request" | "reset_link" | "password_reset" | "totp_on" | "totp_off" | "access" | "cross_site" | "throttle" | "role_change" | "lock" | "unlock" | "key_issue" | "key_revoke" | "sync_request" | "failure_replay" | "queue_action" | "movie_merge" | "movie_fetch" | "events_dropped"; "id": string; "outcome": "done" | "refused"; "subject_id": string | null; "user_id": string | null };
    Session: { "created_at": string; "current": boolean; "device": string | null; "expires_at": string; "id": string; "kind": "api" | "console"; "network": string | null; "refreshed_at": string };
    SignedIn: { "access_token": string; "expires_in": number; "refresh_token": string | null; "token_type": "Bearer"; "user": { "created_at": string; "date_of_birth": string | null; "email": string; "id": string; "name": string; "role": "user" | "admin" } };
    StartedImport: { "import_id": string; "list": "watched" | "watchlist" | "ratings" | "likes"; "list_assumed": boolean };
    SyncRun: { "at_least"?: true; "counts": { "created": number; "failed": number; "gone": number; "seen": number; "unchanged": number; "updated": number }; "error": string | null; "error_code": string | null; "finished_at": string | null; "id": string; "job": string; "losses"?: Array<{ "field": string; "times": number; "tmdb_ids": Array<number> }>; "progress": number; "queued_at": string; "requested_by": string | null; "started_at": string | null; "status": "queued" | "running" | "succeeded" | "failed"; "trigger": "schedule" | "admin" | "start" | "follow-up" };
    TokenPair: { "access_token": string; "expires_in": number; "refresh_token": string | null; "token_type": "Bearer" };
    TotpSetup: { "secret": string; "url": string };
    TotpState: { "enabled": boolean; "recovery_codes_left": number };
    TrendingMovie: { "adult": boolean | null; "backdrop_path": string | null; "backdrop_url": string | null; "genres": Array<{ "id": number; "name": string }>; "original_title": string | null; "overview": string | null; "popularity": number | null; "poster_path": string | null; "poster_url": string | null; "rank": number; "release_date": string | null; "title": string; "tmdb_id": number; "viewer"?: { "bookmarked": boolean; "disliked": boolean; "hidden": boolean; "liked": boolean; "rating": number | null; "watched": boolean }; "vote_average": number | null; "vote_count": number | null };
    UserExport: { "account": { "country": string | null; "created_at": string; "date_of_birth": string | null; "email": string; "id": string; "name": string; "role": "user" | "admin"; "updated_at": string }; "import_budgets": Array<{ "asked": number; "day": string }>; "imports": Array<{ "created_at": string; "error": string | null; "finished_at": string | null; "id": string; "list": "watched" | "watchlist" | "ratings" | "likes"; "rows": Array<{ "at": string | null; "directors": string | null; "given_imdb_id": string | null; "given_tmdb_id": number | null; "line": number; "matched_by": "tmdb_id" | "imdb_id" | "title" | "search" | "user" | null; "original_title": string | null; "rated_at": string | null; "rating": number | null; "status": "pending" | "matched" | "ambiguous" | "not_found" | "skipped"; "title": string | null; "tmdb_id": number | null; "year": number | null }>; "source": "letterboxd" | "imdb"; "status": "queued" | "running" | "succeeded" | "failed" }>; "interactions": Array<{ "at": string; "title": string | null; "tmdb_id": number; "type": "liked" | "disliked" | "bookmarked" | "watched" | "hidden" }>; "login_networks": Array<{ "last_at": string; "network": string }>; "password_resets": Array<{ "created_at": string; "expires_at": string }>; "preferences": { "actors": Array<{ "created_at": string; "id": number; "name": string | null }>; "genres": Array<{ "created_at": string; "id": number; "name": string | null }>; "movies": Array<{ "created_at": string; "title": string | null; "tmdb_id": number }> }; "ratings": Array<{ "at": string; "rating": number; "title": string | null; "tmdb_id": number }>; "security_events": Array<{ "address_key": string | null; "at": string; "by_you": boolean; "detail": string | null; "event": "register" | "login" | "console_login" | "logout" | "token_reuse" | "token_refused" | "session_end" | "password_proof" | "password_change" | "email_change" | "account_delete" | "reset_request" | "reset_link" | "password_reset" | "totp_on" | "totp_off" | "access" | "cross_site" | "throttle" | "role_change" | "lock" | "unlock" | "key_issue" | "key_revoke" | "sync_request" | "failure_replay" | "queue_action" | "movie_merge" | "movie_fetch" | "events_dropped"; "outcome": "done" | "refused" }>; "sessions": Array<{ "created_at": string; "device": string | null; "expires_at": string; "id": string; "kind": "api" | "console"; "network": string | null; "refreshed_at": string; "totp": boolean }>; "totp": { "confirmed_at": string | null; "created_at": string; "recovery_codes_left": number } | null };
  };
}

export interface paths {
  "/api/admin/failures": {
    /** List jobs that failed for good and have not succeeded since, newest first */
    get: {
      parameters: {
        query?: { "queue"?: "sync" | "on-demand" | "background" | "imports"; "job"?: "genres" | "trending" | "lists" | "reference" | "export" | "changes" | "people" | "details" | "content" | "neighbours" | "terms" | "purge" | "movies.fetch" | "movies.search" | "movies.merge" | "people.fetch" | "collections.fetch" | "companies.fetch" | "users.match" | "users.import" | "preferences.discover"; "page"?: number; "limit"?: number };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": Array<components['schemas']['JobFailure']>; "meta": components['schemas']['PageMeta']; "status": "success" } } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        403: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/admin/failures/{id}/replay": {
    /** Run a failed job again */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { "id": string };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        202: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['ReplayedJob']; "status": "success" } } };
        400: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        403: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        404: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        409: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        413: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        415: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/admin/keys": {
    /** List the keys of the TMDb-compatible routes, the newest first */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": Array<components['schemas']['Key']>; "status": "success" } } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        403: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
    /** Issue a key for the TMDb-compatible routes */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { "application/json": { "name": string } } };
      responses: {
        201: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['IssuedKey']; "status": "success" } } };
        400: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        403: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        413: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        415: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/admin/keys/{id}": {
    /** Revoke a key of the TMDb-compatible routes */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: { "id": string };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never };
        400: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        403: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        404: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        413: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        415: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/admin/log": {
    /** Read the security log, newest first */
    get: {
      parameters: {
        query?: { "event"?: "register" | "login" | "console_login" | "logout" | "token_reuse" | "token_refused" | "session_end" | "password_proof" | "password_change" | "email_change" | "account_delete" | "reset_request" | "reset_link" | "password_reset" | "totp_on" | "totp_off" | "access" | "cross_site" | "throttle" | "role_change" | "lock" | "unlock" | "key_issue" | "key_revoke" | "sync_request" | "failure_replay" | "queue_action" | "movie_merge" | "movie_fetch" | "events_dropped"; "outcome"?: "done" | "refused"; "user_id"?: string; "address_key"?: string; "page"?: number; "limit"?: number; "after"?: string };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": Array<components['schemas']['SecurityEvent']>; "meta": components['schemas']['CursorPageMeta']; "status": "success" } } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        403: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/admin/merges": {
    /** List movies that TMDb merged into others */
    get: {
      parameters: {
        query?: { "state"?: "none" | "proposed" | "rejected" | "confirmed" | "moved"; "page"?: number; "limit"?: number };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": Array<components['schemas']['MovieMerge']>; "meta": components['schemas']['PageMeta']; "status": "success" } } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        403: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/admin/merges/{tmdb_id}": {
    /** Confirm or reject a merge */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { "tmdb_id": number };
        cookie?: never;
      };
      requestBody: { content: { "application/json": { "confirm": boolean } } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['MovieMerge']; "status": "success" } } };
        400: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        403: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        404: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        413: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        415: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/admin/movies/{tmdb_id}": {
    /** What the mirror knows of one movie */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { "tmdb_id": number };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['MovieReport']; "status": "success" } } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        403: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        404: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/admin/movies/{tmdb_id}/fetch": {
    /** Fetch one movie again */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { "tmdb_id": number };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        202: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['QueuedFetch']; "status": "success" } } };
        400: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        403: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        413: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        415: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/admin/overview": {
    /** Figures about the mirror, the queues, TMDb and the users */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['AdminOverview']; "status": "success" } } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        403: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/admin/sync/events": {
    /** Follow runs live */
    get: {
      parameters: {
        query?: { "job"?: "genres" | "trending" | "lists" | "reference" | "export" | "changes" | "people" | "details" | "content" | "neighbours" | "terms" | "purge" };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "text/event-stream": string } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        403: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/admin/sync/runs": {
    /** List runs, newest first */
    get: {
      parameters: {
        query?: { "job"?: "genres" | "trending" | "lists" | "reference" | "export" | "changes" | "people" | "details" | "content" | "neighbours" | "terms" | "purge"; "status"?: "queued" | "running" | "succeeded" | "failed"; "page"?: number; "limit"?: number; "after"?: string };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": Array<components['schemas']['SyncRun']>; "meta": components['schemas']['CursorPageMeta']; "status": "success" } } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        403: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/admin/sync/runs/{id}": {
    /** Get one run, with its progress */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: { "id": string };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['SyncRun']; "status": "success" } } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        403: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        404: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/admin/sync/{job}": {
    /** Run a job now */
    post: {
      parameters: {
        query?: never;
        header?: { "idempotency-key"?: string };
        path: { "job": string };
        cookie?: never;
      };
      requestBody?: { content: { "application/json": { "force"?: boolean } } };
      responses: {
        202: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['RequestedRun']; "status": "success" } } };
        400: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        403: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        404: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        409: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        413: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        415: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/admin/users": {
    /** List and search users, the newest first */
    get: {
      parameters: {
        query?: { "query"?: string; "role"?: "user" | "admin"; "status"?: "active" | "locked"; "page"?: number; "limit"?: number; "after"?: string };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": Array<components['schemas']['AdminUser']>; "meta": components['schemas']['CursorPageMeta']; "status": "success" } } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        403: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/admin/users/{id}": {
    /** Change the role of a user, lock or unlock the account */
    patch: {
      parameters: {
        query?: never;
        header?: never;
        path: { "id": string };
        cookie?: never;
      };
      requestBody: { content: { "application/json": { "locked"?: boolean; "role"?: "user" | "admin" } } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['AdminUser']; "status": "success" } } };
        400: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        403: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        404: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        409: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        413: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        415: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/admin/users/{id}/reset-link": {
    /** Make a link with which another user can set a new password */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { "id": string };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        201: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['ResetLink']; "status": "success" } } };
        400: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        403: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        404: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        413: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        415: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/admin/users/{id}/sessions": {
    /** End all sessions of a user */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: { "id": string };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never };
        400: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        403: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        404: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        413: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        415: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/admin/users/{id}/totp": {
    /** Remove the second factor of another user, who has lost it */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: { "id": string };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never };
        400: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        403: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        404: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        413: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        415: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/auth/forgot": {
    /** Ask for a link to set a new password */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { "application/json": { "email": string } } };
      responses: {
        202: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['Requested']; "status": "success" } } };
        400: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        413: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        415: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/auth/login": {
    /** Sign in */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { "application/json": { "code"?: string; "cookie"?: boolean; "email": string; "password": string } } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['SignedIn']; "status": "success" } } };
        400: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        403: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        413: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        415: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/auth/logout": {
    /** Sign out: end this session */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never };
        400: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        413: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        415: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/auth/refresh": {
    /** Exchange the refresh token for a new pair of tokens */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: { content: { "application/json": { "refresh_token"?: string } } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['TokenPair']; "status": "success" } } };
        400: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        403: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        413: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        415: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/auth/register": {
    /** Create an account and sign in */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { "application/json": { "cookie"?: boolean; "date_of_birth"?: string | null; "email": string; "name": string; "password": string } } };
      responses: {
        201: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['SignedIn']; "status": "success" } } };
        400: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        409: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        413: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        415: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/auth/reset": {
    /** Set a new password with the token of a link */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { "application/json": { "password": string; "token": string } } };
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never };
        400: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        413: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        415: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/auth/sessions": {
    /** End all your other sessions */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never };
        400: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        413: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        415: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
    /** List your sessions, the latest used first */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": Array<components['schemas']['Session']>; "status": "success" } } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/auth/sessions/{id}": {
    /** End one of your sessions */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: { "id": string };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never };
        400: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        404: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        413: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        415: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/auth/totp": {
    /** Remove the second factor */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { "application/json": { "code": string; "password": string } } };
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never };
        400: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        413: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        415: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
    /** See whether your account has a second factor */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['TotpState']; "status": "success" } } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
    /** Begin to set up a second factor (TOTP) */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { "application/json": { "password": string } } };
      responses: {
        201: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['TotpSetup']; "status": "success" } } };
        400: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        403: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        413: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        415: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/auth/totp/confirm": {
    /** Confirm the second factor with a code */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { "application/json": { "code": string } } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['RecoveryCodes']; "status": "success" } } };
        400: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        413: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        415: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/collections/{id}": {
    /** Get one collection with its movies */
    get: {
      parameters: {
        query?: { "language"?: string; "region"?: string };
        header?: never;
        path: { "id": number };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['Collection']; "meta": components['schemas']['CollectionMeta']; "status": "success" } } };
        202: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Pending'] } };
        304: { headers: { [name: string]: unknown }; content?: never };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        404: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        410: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/configuration": {
    /** Sizes of pictures, and the languages and regions that are kept */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['Configuration']; "status": "success" } } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/genres": {
    /** List TMDb's genres by name */
    get: {
      parameters: {
        query?: { "language"?: string };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": Array<components['schemas']['Genre']>; "meta": components['schemas']['MirrorLanguageMeta']; "status": "success" } } };
        304: { headers: { [name: string]: unknown }; content?: never };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/movies": {
    /** Search and browse the mirror */
    get: {
      parameters: {
        query?: { "language"?: string; "region"?: string; "query"?: string; "ids"?: string; "genre"?: string; "year"?: number; "min_vote"?: number; "min_vote_count"?: number; "released_from"?: string; "released_to"?: string; "runtime_min"?: number; "runtime_max"?: number; "original_language"?: string; "country"?: string; "director"?: string; "actor"?: string; "keyword"?: string; "company"?: string; "provider"?: string; "certification"?: string; "facets"?: "true" | "false"; "sort"?: "popularity" | "rating" | "vote_average" | "release_date" | "title" | "relevance"; "order"?: "desc" | "asc"; "page"?: number; "limit"?: number; "after"?: string };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": Array<components['schemas']['MovieListItem']>; "meta": components['schemas']['BrowseMeta']; "status": "success" } } };
        304: { headers: { [name: string]: unknown }; content?: never };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/movies/now_playing": {
    /** List movies now in cinemas, in TMDb’s order */
    get: {
      parameters: {
        query?: { "language"?: string; "region"?: string; "page"?: number; "limit"?: number };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": Array<components['schemas']['TrendingMovie']>; "meta": components['schemas']['RegionalPageMeta']; "status": "success" } } };
        304: { headers: { [name: string]: unknown }; content?: never };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/movies/popular": {
    /** List popular movies, in TMDb’s order */
    get: {
      parameters: {
        query?: { "language"?: string; "region"?: string; "page"?: number; "limit"?: number };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": Array<components['schemas']['TrendingMovie']>; "meta": components['schemas']['RegionalPageMeta']; "status": "success" } } };
        304: { headers: { [name: string]: unknown }; content?: never };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/movies/top_rated": {
    /** List top rated movies, in TMDb’s order */
    get: {
      parameters: {
        query?: { "language"?: string; "region"?: string; "page"?: number; "limit"?: number };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": Array<components['schemas']['TrendingMovie']>; "meta": components['schemas']['RegionalPageMeta']; "status": "success" } } };
        304: { headers: { [name: string]: unknown }; content?: never };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/movies/trending": {
    /** List trending movies in TMDb’s order */
    get: {
      parameters: {
        query?: { "language"?: string; "region"?: string; "window"?: "day" | "week"; "page"?: number; "limit"?: number };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": Array<components['schemas']['TrendingMovie']>; "meta": components['schemas']['MirrorPageMeta']; "status": "success" } } };
        304: { headers: { [name: string]: unknown }; content?: never };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/movies/upcoming": {
    /** List movies that come to cinemas soon, in TMDb’s order */
    get: {
      parameters: {
        query?: { "language"?: string; "region"?: string; "page"?: number; "limit"?: number };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": Array<components['schemas']['TrendingMovie']>; "meta": components['schemas']['RegionalPageMeta']; "status": "success" } } };
        304: { headers: { [name: string]: unknown }; content?: never };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/movies/{tmdb_movie_id}": {
    /** Get one movie with all details */
    get: {
      parameters: {
        query?: { "language"?: string; "region"?: string };
        header?: never;
        path: { "tmdb_movie_id": number };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['Movie']; "meta": components['schemas']['MovieMeta']; "status": "success" } } };
        202: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Pending'] } };
        301: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        304: { headers: { [name: string]: unknown }; content?: never };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        404: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        410: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/movies/{tmdb_movie_id}/recommendations": {
    /** List movies related to one movie */
    get: {
      parameters: {
        query?: { "language"?: string; "region"?: string; "limit"?: number };
        header?: never;
        path: { "tmdb_movie_id": number };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": Array<components['schemas']['RelatedMovie']>; "meta": components['schemas']['MirrorLanguageMeta']; "status": "success" } } };
        202: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Pending'] } };
        301: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        304: { headers: { [name: string]: unknown }; content?: never };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        404: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        410: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/people": {
    /** Find people, to choose favorites */
    get: {
      parameters: {
        query?: { "language"?: string; "query"?: string; "limit"?: number };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": Array<components['schemas']['Actor']>; "meta": components['schemas']['MirrorLanguageMeta']; "status": "success" } } };
        304: { headers: { [name: string]: unknown }; content?: never };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/people/{id}": {
    /** Get one person with biography and films */
    get: {
      parameters: {
        query?: { "language"?: string; "region"?: string; "page"?: number; "limit"?: number };
        header?: never;
        path: { "id": number };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['Person']; "meta": components['schemas']['PersonMeta']; "status": "success" } } };
        202: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Pending'] } };
        304: { headers: { [name: string]: unknown }; content?: never };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        404: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        410: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/recommendations": {
    /** List movies for a visitor, best first, with reasons */
    get: {
      parameters: {
        query?: { "language"?: string; "region"?: string; "movies"?: Array<number>; "genres"?: Array<number>; "page"?: number; "limit"?: number };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": Array<components['schemas']['Recommendation']>; "meta": components['schemas']['RecommendationsMeta']; "status": "success" } } };
        304: { headers: { [name: string]: unknown }; content?: never };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/search": {
    /** Find movies, people and collections while somebody types */
    get: {
      parameters: {
        query?: { "language"?: string; "region"?: string; "query"?: string };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['QuickSearch']; "meta": components['schemas']['MirrorLanguageMeta']; "status": "success" } } };
        304: { headers: { [name: string]: unknown }; content?: never };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/user/export": {
    /** Export all your data */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['UserExport']; "status": "success" } } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/user/import": {
    /** List your imports, newest first */
    get: {
      parameters: {
        query?: { "page"?: number; "limit"?: number };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": Array<components['schemas']['ImportSummary']>; "meta": components['schemas']['PageMeta']; "status": "success" } } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
    /** Import what you have watched */
    post: {
      parameters: {
        query: { "source": "letterboxd" | "imdb"; "list"?: "watched" | "watchlist" | "ratings" | "likes" };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { "text/csv": string } };
      responses: {
        202: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['StartedImport']; "status": "success" } } };
        400: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        409: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        413: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        415: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/user/import/{import_id}": {
    /** Delete an import */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: { "import_id": string };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never };
        400: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        404: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        413: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        415: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
    /** Get the report on an import, row by row */
    get: {
      parameters: {
        query?: { "status"?: "pending" | "matched" | "ambiguous" | "not_found" | "skipped"; "page"?: number; "limit"?: number };
        header?: never;
        path: { "import_id": string };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['ImportReport']; "meta": components['schemas']['PageMeta']; "status": "success" } } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        404: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/user/import/{import_id}/rows/{line}": {
    /** Settle a row of an import */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: { "import_id": string; "line": number };
        cookie?: never;
      };
      requestBody: { content: { "application/json": { "skip"?: true; "tmdb_id": number } | { "skip": true; "tmdb_id"?: number } } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['ImportRow']; "status": "success" } } };
        400: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        404: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        413: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        415: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/user/interactions": {
    /** List your interactions, newest first */
    get: {
      parameters: {
        query?: { "language"?: string; "region"?: string; "type"?: "liked" | "disliked" | "bookmarked" | "watched" | "hidden"; "page"?: number; "limit"?: number; "after"?: string };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": Array<components['schemas']['Interaction']>; "meta": components['schemas']['InteractionsMeta']; "status": "success" } } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
    /** Save one interaction, or up to 500 at once */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { "application/json": { "at"?: string | string; "items"?: never; "rating"?: number | null; "tmdb_id": number; "type": "liked" | "disliked" | "bookmarked" | "watched" | "hidden" } | { "at"?: never; "items": Array<{ "at"?: string | string; "rating"?: number | null; "tmdb_id": number; "type": "liked" | "disliked" | "bookmarked" | "watched" | "hidden" }>; "rating"?: never; "tmdb_id"?: never; "type"?: never } } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['InteractionsSaved']; "status": "success" } } };
        400: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        413: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        415: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/user/interactions/{tmdb_id}/{type}": {
    /** Delete an interaction */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: { "tmdb_id": number; "type": "liked" | "disliked" | "bookmarked" | "watched" | "hidden" };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never };
        400: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        413: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        415: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/user/preferences": {
    /** Get your favorite genres, actors and movies */
    get: {
      parameters: {
        query?: { "language"?: string; "region"?: string };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['Preferences']; "meta": components['schemas']['LanguageMeta']; "status": "success" } } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
    /** Save your favorite genres, actors and movies */
    post: {
      parameters: {
        query?: { "language"?: string; "region"?: string };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { "application/json": { "actors"?: Array<number>; "genres"?: Array<number>; "movies"?: Array<number> } } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['Preferences']; "meta": components['schemas']['LanguageMeta']; "status": "success" } } };
        400: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        413: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        415: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/user/profile": {
    /** Delete your account and all your data */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { "application/json": { "password": string } } };
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never };
        400: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        409: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        413: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        415: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
    /** Get your profile, with preferences and counts */
    get: {
      parameters: {
        query?: { "language"?: string; "region"?: string };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['Profile']; "meta": components['schemas']['LanguageMeta']; "status": "success" } } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
    /** Change your name, date of birth, country, password or email */
    patch: {
      parameters: {
        query?: { "language"?: string; "region"?: string };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: { "application/json": { "country"?: string | null; "date_of_birth"?: string | null; "email"?: { "code"?: string; "next": string; "password": string }; "name"?: string; "password"?: { "current": string; "next": string } } } };
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['Profile']; "meta": components['schemas']['LanguageMeta']; "status": "success" } } };
        400: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        409: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        413: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        415: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/api/user/recommendations": {
    /** List movies for the caller, best first, with reasons */
    get: {
      parameters: {
        query?: { "language"?: string; "region"?: string; "genre"?: number; "unreleased"?: boolean; "explain"?: boolean; "page"?: number; "limit"?: number };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": Array<components['schemas']['Recommendation']>; "meta": components['schemas']['RecommendationsMeta']; "status": "success" } } };
        304: { headers: { [name: string]: unknown }; content?: never };
        401: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        422: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/attribution": {
    /** Where the data comes from */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['Attribution']; "status": "success" } } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/docs/json": {
    /** This API description */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": Record<string, unknown> } };
        429: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/health/live": {
    /** Check that the process runs */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['Liveness']; "status": "success" } } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/health/ready": {
    /** Check that PostgreSQL and the queue answer */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "application/json": { "data": components['schemas']['Readiness']; "status": "success" } } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
        503: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
  "/metrics": {
    /** Metrics for Prometheus */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: { headers: { [name: string]: unknown }; content: { "text/plain": string } };
        500: { headers: { [name: string]: unknown }; content: { "application/json": components['schemas']['Failure'] } };
      };
    };
  };
}
