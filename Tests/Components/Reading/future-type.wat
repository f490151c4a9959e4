;; expect: component.feature.async
;;
;; So are futures.
(component (type (future u8)))
